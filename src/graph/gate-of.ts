import type { Node, NodeId } from '../core/node.ts';
import type { Edges } from './order-nodes.ts';

/** See Graph.gateOf. `order` is topological. */
export function createGates(
  nodes: ReadonlyMap<NodeId, Node>,
  parents: Edges,
  order: readonly NodeId[],
): (test: NodeId) => NodeId | undefined {
  const position = new Map(order.map((id, i) => [id, i]));
  const at = (id: NodeId) => position.get(id) ?? -1;

  return (test) => {
    const check = nodes.get(test)?.check;
    const inputs = parents.get(test) ?? [];
    if (!check || check.runsBefore || inputs.length === 0) return undefined;
    const gate = check.attachedTo ?? inputs.reduce((a, b) => (at(b) > at(a) ? b : a));
    if (!inputs.includes(gate) || !nodes.get(gate)?.buildable) return undefined;
    const others = inputs.filter((id) => id !== gate);
    return isDownstreamOfAll(gate, others) ? gate : undefined;
  };

  /** Climbs no higher than the first of `others` in topological order: above it none can be. */
  function isDownstreamOfAll(gate: NodeId, others: readonly NodeId[]): boolean {
    const missing = new Set(others);
    const highest = Math.min(...others.map(at));
    const seen = new Set<NodeId>();
    const open = [gate];
    for (let id = open.pop(); id !== undefined && missing.size > 0; id = open.pop()) {
      for (const parent of parents.get(id) ?? []) {
        if (seen.has(parent) || at(parent) < highest) continue;
        seen.add(parent);
        missing.delete(parent);
        open.push(parent);
      }
    }
    return missing.size === 0;
  }
}
