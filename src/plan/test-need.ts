import { type Interval, mergeIntervals, subtractIntervals } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type NodeStates, stateOf } from '../core/node-state.ts';
import { type Decision, type Need, type PlanInput, REUSE, rangesAfter } from './need.ts';
import type { Version } from './versions.ts';

/** Whether a test must run: it has not passed yet on the rows as they will stand. */
export function needOfTest(
  test: Node,
  version: Version,
  { graph, states, reuseTests }: PlanInput,
  needs: ReadonlyMap<NodeId, Need>,
): Decision {
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
  const after = need?.action === 'build' ? rangesAfter(need, before) : before;
  const isRebuilt = need?.action === 'build' && need.replace;
  return !isRebuilt && covers(state.ranges, after) ? REUSE : pending;
}

const covers = (seen: readonly Interval[], all: readonly Interval[]): boolean =>
  all.every((interval) => subtractIntervals(interval, mergeIntervals(seen)).length === 0);

/**
 * Whether a test that runs with new dates of an as_of node must look at all dates: it has not passed on those that
 * were there before, as after a `velo run`.
 */
export function mustSeeAllDates(
  test: Node,
  tested: Need,
  version: Version,
  states: NodeStates,
): boolean {
  if (!test.check?.judgesDatesAlone || tested.replace) return !test.check?.judgesDatesAlone;
  const state = stateOf(states, test);
  const seen = state?.version === version.version ? state.ranges : [];
  return !covers(seen, stateOf(states, tested.node)?.ranges ?? []);
}
