import { type AsOf, endFor } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import { addGrains, floorToGrain, formatInterval } from '../core/grain.ts';
import { type Interval, intersect, mergeIntervals, without } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { NodeState } from '../core/node-state.ts';
import type { AsOfStep, Reason } from '../core/plan.ts';
import { batchesOf, formatRanges } from './batching.ts';
import { type ChangedInput, changedInputs, type Known } from './changed-dates.ts';
import { missingIntervals } from './missing-intervals.ts';
import { type Decision, type PlanInput, REUSE } from './need.ts';

/**
 * Which dates of an as_of node are built and why. `reasons`: why its whole table would be made anew, empty when nothing
 * asks for that.
 */
export function asOfNeed(
  node: Node,
  asOf: AsOf,
  state: NodeState | undefined,
  reasons: readonly Reason[],
  input: PlanInput,
  known: Known,
): Decision {
  const codeChanged = reasons.length > 0 && reasons.every(({ code }) => code === 'code-changed');
  if (codeChanged && asOf.onChange === 'fail')
    return { ...REUSE, refused: mustNotChange(node, reasons) };
  const keepsOld = codeChanged && asOf.onChange === 'forward_only';
  if (!state) return rebuild(asOf, state, reasons, { epoch: '', sameRows: false }, input);
  if (reasons.length > 0 && !keepsOld) {
    const isSame =
      reasons.every(({ code }) => SAME_ROWS.has(code)) &&
      !hasChanged(node, asOf, state, input, known);
    return rebuild(asOf, state, reasons, outcomeOf(state, isSame), input);
  }
  const changed = changedInputs(node, asOf, state, input, known);
  const unknown = changed.filter(({ asOfDates }) => asOfDates === 'all');
  if (unknown.length > 0 && !input.ignoreLate) {
    const text = unknown.map((one) => one.input.name).join(', ');
    const reason: Reason = { code: 'input-changed', text };
    return rebuild(asOf, state, [reason], outcomeOf(state, false), input);
  }
  const stale = staleDates(state, changed);
  if (input.ignoreLate && stale.length > 0) known.leftStale.set(node.id, stale);
  return fill(asOf, state, { changed, stale, codeReasons: keepsOld ? reasons : [] }, input);
}

/** Reasons to build anew what comes out as it was. */
const SAME_ROWS: ReadonlySet<Reason['code']> = new Set(['missing-relation', 'full-refresh']);

const outcomeOf = ({ epoch }: NodeState, sameRows: boolean): Outcome =>
  sameRows ? { epoch, sameRows } : { epoch: hashOf([epoch, 'anew']), sameRows };

/** Whether an input has changed since the rows were made, or may have. */
function hasChanged(
  node: Node,
  asOf: AsOf,
  state: NodeState,
  input: PlanInput,
  known: Known,
): boolean {
  const toMeasure = new Set<NodeId>();
  const changed = changedInputs(node, asOf, state, input, {
    ...known,
    toMeasure,
    unsure: new Set(),
  });
  return changed.length + toMeasure.size > 0;
}

type Outcome = Pick<AsOfStep, 'epoch' | 'sameRows'>;

const mustNotChange = ({ name, span }: Node, reasons: readonly Reason[]) =>
  new ProjectError(
    'on-change-fail',
    `the code of '${name}' changed (${reasons.map(({ text }) => text).join(', ')}), and its on_change is 'fail'`,
    {
      span,
      hint: `build it anew with --full-refresh -s ${name}, set on_change to 'rebuild' or 'forward_only', or take the change back`,
    },
  );

/** The table is made anew, with the dates that were there, also those after the asked end. */
function rebuild(
  asOf: AsOf,
  state: NodeState | undefined,
  reasons: readonly Reason[],
  outcome: Outcome,
  input: PlanInput,
): Decision {
  const asked = askedOf(asOf, { ...input, asOfStart: state ? undefined : input.asOfStart });
  const end = Math.max(asked.end, state?.ranges.at(-1)?.end ?? asked.end);
  const missing = missingIntervals(asOf, { start: asked.start, end }, []);
  // Nothing to fill yet: an empty table, so that what reads it can be built.
  const empty = { start: asked.start, end: asked.start };
  const intervals = missing.intervals.length > 0 ? missing.intervals : [empty];
  const isNew = reasons[0]?.code === 'new' && missing.reasons.length > 0;
  return {
    action: 'build',
    replace: true,
    reasons: isNew ? missing.reasons : reasons,
    ...statements(intervals, asOf, state, input, {
      keeps: undefined,
      ...outcome,
      ignoresLate: false,
    }),
  };
}

/** Whether dates before the newest change: those that read what is there may have seen them. */
const isPast = (intervals: readonly Interval[], finished: readonly Interval[]): boolean =>
  intervals.some(({ start }) => start < (finished.at(-1)?.end ?? 0));

/** What is not as it should be with rows that are there. */
interface Faults {
  readonly changed: readonly ChangedInput[];
  /** Finished dates that the changed inputs touch. */
  readonly stale: readonly Interval[];
  /** Changes of the code that do not make the table anew. */
  readonly codeReasons: readonly Reason[];
}

const staleDates = ({ ranges }: NodeState, changed: readonly ChangedInput[]): Interval[] =>
  changed.some(({ asOfDates }) => asOfDates === 'all')
    ? [...ranges]
    : intersect(
        ranges,
        changed.flatMap(({ asOfDates }) => asOfDates as readonly Interval[]),
      );

/** What is missing, stale or asked for again; all other dates stay. */
function fill(
  asOf: AsOf,
  state: NodeState,
  { changed, stale, codeReasons }: Faults,
  input: PlanInput,
): Decision {
  const finished = state.ranges;
  const asked = askedOf(asOf, input);
  const repaired = input.ignoreLate ? [] : intersect(stale, [asked]);
  const restated = input.restate ? intersect(finished, [grainsAround(input.restate, asOf)]) : [];
  const missing = missingIntervals(asOf, asked, finished);
  const wanted = mergeIntervals([...missing.intervals, ...repaired, ...restated]);
  if (wanted.length === 0) return REUSE;
  const intervals = asOf.dependsOnPast ? withAllAfter(wanted, finished) : wanted;
  const again = intersect(intervals, finished);
  const dropped = input.ignoreLate ? [] : stale;
  const keeps = without(finished, [...again, ...dropped]);
  const isRestated = again.length > 0 || dropped.length > 0 || codeReasons.length > 0;
  return {
    action: 'build',
    replace: false,
    reasons: [
      ...codeReasons,
      ...missing.reasons,
      ...(repaired.length > 0 ? changed.map((one) => lateReason(one, asOf)) : []),
      ...(restated.length > 0
        ? [{ code: 'restate' as const, text: formatRanges(restated, asOf.grain) }]
        : []),
    ],
    ...statements(intervals, asOf, state, input, {
      keeps: isRestated ? keeps : undefined,
      epoch: isPast(intervals, finished)
        ? hashOf([state.epoch, intervals, input.asOfEnd])
        : state.epoch,
      sameRows: false,
      ignoresLate: input.ignoreLate && stale.length > 0,
    }),
  };
}

function statements(
  intervals: readonly Interval[],
  asOf: AsOf,
  state: NodeState | undefined,
  { batchSize, budgetBytes }: PlanInput,
  rest: Omit<AsOfStep, 'strategy' | 'strategyWhy'>,
) {
  const { batches, ...strategy } = batchesOf(intervals, asOf, {
    asked: batchSize,
    budgetBytes,
    state,
  });
  return { batches, asOf: { ...strategy, ...rest } };
}

/** The dates asked of a model, on its own grains. */
function askedOf(asOf: AsOf, { asOfStart, asOfEnd }: PlanInput): Interval {
  const { begin, grain } = asOf;
  const end = Math.max(begin, floorToGrain(endFor(asOf, asOfEnd), grain));
  const start = Math.max(begin, asOfStart === undefined ? begin : floorToGrain(asOfStart, grain));
  return { start: Math.min(start, end), end };
}

function grainsAround({ start, end }: Interval, { grain }: AsOf): Interval {
  const last = floorToGrain(end - 1, grain);
  return { start: floorToGrain(start, grain), end: addGrains(last, 1, grain) };
}

/** A model that reads its own past must follow a changed date with all dates after it. */
const withAllAfter = (wanted: readonly Interval[], finished: readonly Interval[]): Interval[] => {
  const start = wanted[0]?.start ?? 0;
  const later = finished.filter(({ end }) => end > start);
  return mergeIntervals([
    ...wanted,
    ...later.map((range) => ({ start: Math.max(start, range.start), end: range.end })),
  ]);
};

/** An input is made by other code, or it is an as_of model whose dates were made again; of any other, rows came late. */
function lateReason({ input, isCode, dates }: ChangedInput, { grain }: AsOf): Reason {
  const when = dates === 'all' ? '' : ` (${shortRanges(dates, grain)})`;
  return { code: isCode ? 'input-changed' : 'late-rows', text: `${input.name}${when}` };
}

function shortRanges(ranges: readonly Interval[], grain: AsOf['grain']): string {
  const [first, ...others] = mergeIntervals(ranges);
  if (!first) return '';
  const text = formatInterval(first, grain);
  return others.length === 0 ? text : `${text} and ${others.length} more`;
}
