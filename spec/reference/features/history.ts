import { mean } from '../formulas.ts';
import { groupBy } from '../group-by.ts';
import type { Day, Row, Run } from '../run.ts';

/** Rows of one feature table for the declared runners of one day, from all runs known. */
export type FeatureTable = (history: readonly Run[], spine: readonly Run[], asOf: Day) => Row[];

type Made = Map<FeatureTable, readonly Row[]>;

const shared = new WeakMap<readonly Run[], WeakMap<readonly Run[], Made>>();

/** The rows of a table for one history and spine, made once: the dataset joins them, and they are compared themselves. */
export function rowsOnce(
  table: FeatureTable,
  history: readonly Run[],
  spine: readonly Run[],
  asOf: Day,
): readonly Row[] {
  const ofHistory = shared.get(history) ?? new WeakMap<readonly Run[], Made>();
  shared.set(history, ofHistory);
  const known: Made = ofHistory.get(spine) ?? new Map();
  ofHistory.set(spine, known);
  const found = known.get(table) ?? table(history, spine, asOf);
  known.set(table, found);
  return found;
}

/** Days of history behind the base rate p0 of an entity without runs. */
const BASE_RATE_DAYS = 365;

/** Only starters of races with a result enter any history (racing.md §7.1). */
export function isRun(run: Run): boolean {
  return run.is_starter && run.has_result;
}

export function runOrder(left: Run, right: Run): number {
  if (left.race_date !== right.race_date) return left.race_date - right.race_date;
  if (left.race_no !== right.race_no) return left.race_no - right.race_no;
  if (left.race_id === right.race_id) return 0;
  return left.race_id < right.race_id ? -1 : 1;
}

const groupings = new WeakMap<readonly Run[], Map<string, ReadonlyMap<string, readonly Run[]>>>();

/**
 * The runs of each entity in order, kept for as long as the history lives: the same grouping
 * serves every as-of date. `name` must be unique to `keyOf`.
 */
export function runsBy(
  history: readonly Run[],
  name: string,
  keyOf: (run: Run) => string | null,
): ReadonlyMap<string, readonly Run[]> {
  const known = groupings.get(history) ?? new Map<string, ReadonlyMap<string, readonly Run[]>>();
  groupings.set(history, known);
  const found = known.get(name);
  if (found) return found;
  const groups = groupBy(inOrder(history), keyOf);
  known.set(name, groups);
  return groups;
}

const ordered = new WeakMap<readonly Run[], readonly Run[]>();

/** The runs that count in their order, sorted once. */
function inOrder(history: readonly Run[]): readonly Run[] {
  const sorted = ordered.get(history) ?? history.filter(isRun).sort(runOrder);
  ordered.set(history, sorted);
  return sorted;
}

/** One text key of several parts; NULL if a part is. */
export function joinKey(...parts: readonly (string | number | null)[]): string | null {
  return parts.some((part) => part === null) ? null : JSON.stringify(parts);
}

/** Of runs in their order: those before the day. */
export function before(runs: readonly Run[] | undefined, asOf: Day): readonly Run[] {
  return (runs ?? []).slice(0, countBefore(runs ?? [], asOf));
}

/** Of runs in their order: those in `[asOf − days, asOf)`. */
export function inWindow(
  runs: readonly Run[] | undefined,
  asOf: Day,
  days: number,
): readonly Run[] {
  return (runs ?? []).slice(countBefore(runs ?? [], asOf - days), countBefore(runs ?? [], asOf));
}

/** By halving: careers are long, and every one is looked at again for each date. */
function countBefore(runs: readonly Run[], day: Day): number {
  let [from, to] = [0, runs.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((runs[middle] as Run).race_date < day) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Mean e0 over every run of the last 365 days; NULL on the first day of the data. */
export function baseRate(history: readonly Run[], asOf: Day): number | null {
  const chances: number[] = [];
  for (const run of history) {
    const recent = run.race_date >= asOf - BASE_RATE_DAYS && run.race_date < asOf;
    if (recent && isRun(run) && run.e0 !== null) chances.push(run.e0);
  }
  return mean(chances);
}

/** Distinct ids on the spine, without NULL. */
export function entities(
  spine: readonly Run[],
  idOf: (run: Run) => string | null,
): readonly string[] {
  const ids = new Set<string>();
  for (const run of spine) {
    const id = idOf(run);
    if (id !== null) ids.add(id);
  }
  return [...ids];
}

/** Days since the newest of the runs, which are in order; NULL without any. */
export function daysSinceLast(runs: readonly Run[], asOf: Day): number | null {
  const last = runs.at(-1);
  return last ? asOf - last.race_date : null;
}

export function present(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}
