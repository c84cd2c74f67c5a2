import type { Node, NodeId } from '../core/node.ts';
import type { Graph } from '../graph/build-graph.ts';

/**
 * The as_of nodes whose dates a test judges by what they, or the views between, show: those it reads, or those of the
 * view it is written for. Empty for a test of one as_of node, whose dates are that node's own, and for all others.
 */
export function judgedNodes({ id, check, datedBy }: Node, graph: Graph): readonly Node[] {
  if (!check?.judgesDatesAlone) return [];
  const tested = check.attachedTo === undefined ? undefined : graph.nodes.get(check.attachedTo);
  if (!datedBy && !tested?.datedBy) return [];
  return shown(datedBy ? graph.parents(id) : [...(tested ? [tested.id] : [])], graph);
}

function shown(from: readonly NodeId[], graph: Graph): readonly Node[] {
  const found = new Map<NodeId, Node>();
  const seen = new Set<NodeId>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = graph.nodes.get(id);
    if (!node || seen.has(id)) continue;
    seen.add(id);
    if (node.asOf) found.set(id, node);
    else if (node.datedBy) open.push(...graph.parents(id));
  }
  return [...found.values()];
}
