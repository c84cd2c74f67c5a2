import {
  type Interval,
  intersect,
  mergeIntervals,
  subtractIntervals,
  without,
} from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import { changesSince, type NodeState, stateOf } from '../core/node-state.ts';
import type { Judging } from '../core/plan.ts';
import { judgedNodes } from './judged-nodes.ts';
import { type Decision, type Need, type PlanInput, REUSE, rangesAfter } from './need.ts';
import type { Version } from './versions.ts';

/** Whether a test must run: it has not passed yet on the rows as they will stand. */
export function needOfTest(
  test: Node,
  version: Version,
  input: PlanInput,
  needs: ReadonlyMap<Node['id'], Need>,
): Decision {
  const { graph, states, reuseTests } = input;
  const judged = judgedNodes(test, graph);
  const judging = judged.length > 0 ? judgingOf(judged, input, needs) : undefined;
  const pending: Decision = {
    ...REUSE,
    action: 'build',
    reasons: [{ code: 'test-pending', text: 'not passed yet on these rows' }],
    judging,
  };
  if (!reuseTests || version.volatile) return pending;
  const state = stateOf(states, test);
  if (state?.version !== version.version) return pending;
  if (judging) {
    const due = dueDates(judged, state, input, needs);
    return due ? { ...pending, judging: { ...judging, dates: due.dates } } : REUSE;
  }
  const tested = test.check?.attachedTo && graph.nodes.get(test.check.attachedTo);
  if (!tested || !test.check?.judgesDatesAlone) return REUSE;
  const need = needs.get(tested.id);
  const isReplaced = need?.action === 'build' && need.replace;
  return !isReplaced && openDates(state, tested, input, need).length === 0 ? REUSE : pending;
}

/**
 * The dates a test of several nodes has not passed on, from the first to the last; `dates` undefined: it looks at
 * everything. Undefined when none are due: a date is judged once all nodes have it, since until then rows are missing.
 */
function dueDates(
  judged: readonly Node[],
  state: NodeState,
  input: PlanInput,
  needs: ReadonlyMap<Node['id'], Need>,
): { readonly dates: Interval | undefined } | undefined {
  const open = judged.flatMap((node) => openDates(state, node, input, needs.get(node.id)));
  const held = judged.map((node) => datesAfter(node, input, needs.get(node.id))).reduce(intersect);
  const due = intersect(open, held);
  const [first] = due;
  const last = due.at(-1);
  if (!first || !last) return undefined;
  const dates = { start: first.start, end: last.end };
  return { dates: without([dates], held).length === 0 ? dates : undefined };
}

/** Dates of an as_of node, as they will stand, that a test has not passed on. */
function openDates(
  state: NodeState,
  judged: Node,
  input: PlanInput,
  need: Need | undefined,
): readonly Interval[] {
  const batches = need?.action === 'build' ? need.batches : [];
  const passed = without(passedRanges(state, judged, input), batches);
  return without(datesAfter(judged, input, need), passed);
}

const datesAfter = (node: Node, { states }: PlanInput, need: Need | undefined) => {
  const before = stateOf(states, node)?.ranges ?? [];
  return need?.action === 'build' ? rangesAfter(need, before) : before;
};

const judgingOf = (
  judged: readonly Node[],
  input: PlanInput,
  needs: ReadonlyMap<Node['id'], Need>,
): Judging => ({
  nodes: judged.map(({ id }) => id),
  holds: mergeIntervals(judged.flatMap((node) => datesAfter(node, input, needs.get(node.id)))),
  dates: undefined,
});

/** The dates a test has passed on that were not written again since. */
function passedRanges(
  { ranges, seen }: NodeState,
  tested: Node,
  { changes }: Pick<PlanInput, 'changes'>,
): readonly Interval[] {
  const since = changesSince(stateOf(changes, tested), seen[tested.id] ?? 0);
  return since === 'all' ? [] : without(ranges, since);
}

const covers = (seen: readonly Interval[], all: readonly Interval[]): boolean =>
  all.every((interval) => subtractIntervals(interval, seen).length === 0);

/**
 * Whether a test that runs with new dates of an as_of node must look at all dates: it has not passed on those that
 * were there before, as after a `velo run`.
 */
export function mustSeeAllDates(
  test: Node,
  tested: Need,
  version: Version,
  input: Pick<PlanInput, 'states' | 'changes'>,
): boolean {
  const { check } = test;
  // Those of other nodes' dates, too, wait until all of them are there.
  if (!check?.judgesDatesAlone || check.attachedTo !== tested.node.id) return true;
  if (tested.replace) return false;
  const state = stateOf(input.states, test);
  const seen = state?.version === version.version ? passedRanges(state, tested.node, input) : [];
  const stay = without(stateOf(input.states, tested.node)?.ranges ?? [], tested.batches);
  return !covers(seen, stay);
}
