import type { AsOf } from '../core/as-of.ts';
import { addGrains, floorToGrain } from '../core/grain.ts';
import { type Interval, mergeIntervals, without } from '../core/interval.ts';
import { addLength, type InputWindow, parseLength } from '../core/length-of-time.ts';
import type { Node, NodeId } from '../core/node.ts';
import { changesSince, type Dates, type NodeState, stateOf } from '../core/node-state.ts';
import type { Need, PlanInput } from './need.ts';
import type { Version } from './versions.ts';

/** An input of an as_of node whose rows are not what they were when the node was built. */
export interface ChangedInput {
  readonly input: Node;
  /** Its code is not what it was, or that of what it is made from; else only rows are. */
  readonly isCode: boolean;
  /** Dates of the input that differ. */
  readonly dates: Dates;
  /** as_of dates that see them, the last interval maybe without end; `all` as well when it is not known which. */
  readonly asOfDates: Dates;
}

/** Whether changes of a node's rows are counted by date: it has a column that says when a row is from. */
export const isDated = ({ asOf, eventTime }: Node): boolean =>
  asOf !== undefined || eventTime !== undefined;

/** What is known of the inputs while the graph is walked. */
export interface Known {
  readonly needs: ReadonlyMap<NodeId, Need>;
  readonly versions: ReadonlyMap<NodeId, Version>;
  /** Inputs that must be compared before it is known what changed. */
  readonly toMeasure: Set<NodeId>;
  /** Nodes whose dates are not known until inputs above them are compared. */
  readonly unsure: Set<NodeId>;
  /** Dates that late rows touch and that are left as they are. */
  readonly leftStale: Map<NodeId, readonly Interval[]>;
}

/** The dated inputs that changed since the rows of `node` were made, and which as_of dates that touches. */
export function changedInputs(
  node: Node,
  asOf: AsOf,
  state: NodeState,
  input: PlanInput,
  known: Known,
): ChangedInput[] {
  const { graph } = input;
  return graph.parents(node.id).flatMap((id) => {
    const parent = graph.nodes.get(id);
    if (!parent || !isDated(parent)) return [];
    const dates = changedDates(parent, state.seen[id], input, known);
    if (dates !== 'all' && dates.length === 0) return [];
    const windows = windowsOf(node, id, input);
    const asOfDates = touchedDates(dates, windows, asOf);
    return [{ input: parent, isCode: isOtherCode(parent, input, known), dates, asOfDates }];
  });
}

function changedDates(
  parent: Node,
  seen: number | undefined,
  { changes, measured, states }: PlanInput,
  { needs, versions, toMeasure, unsure }: Known,
): Dates {
  const log = stateOf(changes, parent);
  if (seen === undefined || !log) return 'all';
  const recorded = changesSince(log, seen);
  const need = needs.get(parent.id);
  if (parent.asOf) {
    if (need?.action !== 'build') return recorded;
    if (!need.replace) return join(recorded, need.batches);
    const before = stateOf(states, parent)?.ranges ?? [];
    return need.asOf?.sameRows ? join(recorded, without(need.batches, before)) : 'all';
  }
  const version = versions.get(parent.id);
  if (version && observedAs(version) === log.observed && !version.volatile) return recorded;
  const found = measured.get(parent.id);
  // What stands above it may yet get other dates: it is looked at once those are known.
  if (!found && !unsure.has(parent.id)) toMeasure.add(parent.id);
  return found ? join(recorded, found) : recorded;
}

/** Compared with what made the rows that were last looked at; an as_of node says so itself. */
function isOtherCode(parent: Node, { changes }: PlanInput, { versions }: Known): boolean {
  const code = stateOf(changes, parent)?.code;
  return parent.asOf !== undefined || code !== versions.get(parent.id)?.code;
}

/** What the rows of a dated input are known by: a view's are other rows when an as_of model it shows gets other dates. */
export const observedAs = ({ version, extent }: Version): string =>
  extent === '' ? version : `${version}@${extent}`;

const join = (a: Dates, b: Dates): Dates =>
  a === 'all' || b === 'all' ? 'all' : mergeIntervals([...a, ...b]);

/** How far the node looks into an input; undefined: into all of its past. */
function windowsOf(node: Node, parent: NodeId, { graph }: PlanInput) {
  const windows: InputWindow[] = [];
  for (const reference of node.references) {
    if (graph.resolve(node, reference).id !== parent) continue;
    if (!reference.windows) return undefined;
    windows.push(...reference.windows);
  }
  return windows;
}

/**
 * The as_of dates that see rows of `dates`: a date s … t looks at rows from s − before to t + after.
 * Without a window all of the past is seen, so every later date is touched.
 */
export function touchedDates(
  dates: Dates,
  windows: readonly InputWindow[] | undefined,
  { grain }: Pick<AsOf, 'grain'>,
): Dates {
  if (dates === 'all') return 'all';
  const looks = windows ?? [{}];
  return mergeIntervals(
    dates.flatMap(({ start, end }) =>
      looks.map(({ before, after }) => {
        const first = floorToGrain(shift(start, after, -1), grain);
        if (before === undefined) return { start: first, end: Number.POSITIVE_INFINITY };
        const last = shift(end, before, 1);
        const floor = floorToGrain(last, grain);
        return { start: first, end: floor === last ? last : addGrains(floor, 1, grain) };
      }),
    ),
  );
}

/** Months of different lengths do not add up as they were taken away: three days more are never too few. */
const MONTH_SLACK_DAYS = 3;

function shift(instantMs: number, text: string | undefined, sign: 1 | -1): number {
  const length = text === undefined ? undefined : parseLength(text);
  if (!length) return instantMs;
  const shifted = addLength(instantMs, length, sign);
  return length.unit === 'month' ? addGrains(shifted, sign * MONTH_SLACK_DAYS, 'day') : shifted;
}
