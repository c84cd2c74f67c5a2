import type { Node, NodeId } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
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
  const standing = (id: NodeId) => {
    const parent = graph.nodes.get(id);
    return parent?.buildable && !needs.has(id) ? stateOf(states, parent) : undefined;
  };
  const version = versionOf({ node, graph, versions, standing });
  const state = stateOf(states, node);
  if (!selection.has(node.id) || !node.buildable) {
    versions.set(node.id, node.asOf ? withExtent(version, state?.ranges ?? []) : version);
    return;
  }
  const decision = node.check
    ? needOfTest(node, version, input, needs)
    : needOfNode(node, version, input);
  needs.set(node.id, { node, version, ...decision });
  versions.set(
    node.id,
    node.asOf ? withExtent(version, rangesAfter(decision, state?.ranges)) : version,
  );
}
