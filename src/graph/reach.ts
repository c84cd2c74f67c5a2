import type { NodeId } from '../core/node.ts';
import type { Edges } from './order-nodes.ts';

/** Everything within `depth` steps of `from` along `edges`; the starting points only if a path leads back to them. */
export function reach(from: Iterable<NodeId>, edges: Edges, depth = Infinity): Set<NodeId> {
  const seen = new Set<NodeId>();
  let wave: Iterable<NodeId> = from;
  for (let step = 0; step < depth; step += 1) {
    const next: NodeId[] = [];
    for (const id of wave) {
      for (const neighbour of edges.get(id) ?? []) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        next.push(neighbour);
      }
    }
    if (next.length === 0) break;
    wave = next;
  }
  return seen;
}

const MAX_REMEMBERED_IDS = 1_000_000;

/** `reach` from one node, remembered; forgets all when it would hold too much (10,000 sets of 10,000 are 4 GB). */
export function rememberReach(edges: Edges): (id: NodeId) => ReadonlySet<NodeId> {
  const known = new Map<NodeId, ReadonlySet<NodeId>>();
  let held = 0;
  return (id) => {
    const before = known.get(id);
    if (before) return before;
    const found = reach([id], edges);
    held += found.size;
    if (held > MAX_REMEMBERED_IDS) {
      known.clear();
      held = found.size;
    }
    known.set(id, found);
    return found;
  };
}
