import { type Interval, subtractIntervals, without } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import { changesSince, type NodeState, stateOf } from '../core/node-state.ts';
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
  const pending: Decision = {
    ...REUSE,
    action: 'build',
    reasons: [{ code: 'test-pending', text: 'not passed yet on these rows' }],
  };
  if (!reuseTests || version.volatile) return pending;
  const state = stateOf(states, test);
  if (state?.version !== version.version) return pending;
  const tested = test.check?.attachedTo && graph.nodes.get(test.check.attachedTo);
  if (!tested || !test.check?.judgesDatesAlone) return REUSE;
  const need = needs.get(tested.id);
  const before = stateOf(states, tested)?.ranges ?? [];
  const isBuilt = need?.action === 'build';
  const after = isBuilt ? rangesAfter(need, before) : before;
  const passed = without(passedRanges(state, tested, input), isBuilt ? need.batches : []);
  return !(isBuilt && need.replace) && covers(passed, after) ? REUSE : pending;
}

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
  if (!test.check?.judgesDatesAlone || tested.replace) return !test.check?.judgesDatesAlone;
  const state = stateOf(input.states, test);
  const seen = state?.version === version.version ? passedRanges(state, tested.node, input) : [];
  const stay = without(stateOf(input.states, tested.node)?.ranges ?? [], tested.batches);
  return !covers(seen, stay);
}
