import type { Node, NodeId } from '../core/node.ts';
import { type NodeState, stateOf } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { type Need, type PlanInput, rangesAfter } from './need.ts';
import { needOfNode } from './node-need.ts';
import { orderSteps } from './order-steps.ts';
import { needOfTest } from './test-need.ts';
import { type Version, versionOf, withExtent } from './versions.ts';

/** Needs and versions of what comes before a node, while the graph is walked. */
export interface Planning {
  readonly needs: Map<NodeId, Need>;
  readonly versions: Map<NodeId, Version>;
}

/**
 * Which selected nodes are built, which of their dates, and why. Pure: the same input gives the
 * same plan. `run` does exactly what the plan says.
 */
export function makePlan(input: PlanInput): Plan {
  const { graph } = input;
  const planning: Planning = { needs: new Map(), versions: new Map() };
  for (const node of graph.order) planNode(node, input, planning);
  return {
    asOfEnd: input.asOfEnd,
    steps: orderSteps(graph, planning.needs, input.states),
    versions: new Map([...planning.needs].map(([id, { version }]) => [id, version])),
  };
}

function planNode(node: Node, input: PlanInput, { needs, versions }: Planning): void {
  const { graph, selection, states } = input;
  const state = stateOf(states, node);
  // An input that is not built counts as it stands in the warehouse, which may be older than its file.
  const standing = (id: NodeId) => {
    const parent = graph.nodes.get(id);
    return parent?.storesRows && !needs.has(id) ? stateOf(states, parent) : undefined;
  };
  if (!selection.has(node.id) || !node.buildable) {
    const parents = graph.parents(node.id);
    const version = versionOf({ ...asItStands(node, parents, state), versions, standing });
    versions.set(node.id, node.asOf ? withExtent(version, state?.ranges ?? []) : version);
    return;
  }
  const version = versionOf({ node, parents: graph.parents(node.id), versions, standing });
  const decision = node.check
    ? needOfTest(node, version, input, needs)
    : needOfNode(node, version, input);
  needs.set(node.id, { node, version, ...decision });
  const ranges = rangesAfter(decision, state?.ranges);
  versions.set(node.id, node.asOf ? withExtent(version, ranges) : version);
}

/** A view that is not built keeps its old SQL, over whatever its inputs hold now. */
function asItStands(node: Node, parents: readonly NodeId[], state: NodeState | undefined) {
  if (node.storesRows || !node.buildable || !state) return { node, parents };
  const { fingerprint, inputs } = state;
  return { node, fingerprint, parents: Object.keys(inputs) as NodeId[] };
}
