import type { NodeId } from '../core/node.ts';

/** Neighbours of every node in one direction, each once. */
export interface Edges {
  get(id: NodeId): readonly NodeId[] | undefined;
}

export interface Ordering {
  /** Every id, parents first: by length of the longest path from a root, then by id. */
  readonly order: readonly NodeId[];
  /** Circles, each as its ids in direction child to parent, beginning with the smallest id. */
  readonly cycles: readonly (readonly NodeId[])[];
}

/** Orders a graph in time linear in nodes and edges, but for the sorting. With cycles, `order` is of no use. */
export function orderNodes(all: Iterable<NodeId>, parents: Edges, children: Edges): Ordering {
  const ids = [...all].sort();
  const waitsFor = new Map(ids.map((id) => [id, parents.get(id)?.length ?? 0]));
  const done = new Set<NodeId>();
  const cycles: NodeId[][] = [];

  release(ids.filter((id) => waitsFor.get(id) === 0));
  for (const id of ids) {
    while (!done.has(id)) {
      const cycle = findCycle(id, parents, done);
      cycles.push(cycle);
      release(cycle); // as if it were solved, so that the rest shows its own cycles
    }
  }
  return { order: [...done], cycles };

  function release(first: readonly NodeId[]): void {
    for (let wave = first; wave.length > 0; wave = nextWave(wave)) {
      for (const id of wave) done.add(id);
    }
  }

  function nextWave(wave: readonly NodeId[]): NodeId[] {
    const next: NodeId[] = [];
    for (const id of wave) {
      for (const child of children.get(id) ?? []) {
        const left = (waitsFor.get(child) ?? 0) - 1;
        waitsFor.set(child, left);
        if (left === 0 && !done.has(child)) next.push(child);
      }
    }
    return next.length > 1 ? next.sort() : next;
  }
}

/** Every node that is not done has a parent that is not done: climbing must come back to where it has been. */
function findCycle(from: NodeId, parents: Edges, done: ReadonlySet<NodeId>): NodeId[] {
  const open = (id: NodeId) => (parents.get(id) ?? []).filter((parent) => !done.has(parent));
  const seen = new Set<NodeId>();
  let id: NodeId | undefined = from;
  while (id !== undefined && !seen.has(id)) {
    seen.add(id);
    id = open(id)[0];
  }
  if (id === undefined) throw new Error(`no cycle above ${from}`);
  return startAtSmallest(shortestWayBack(id, open));
}

function shortestWayBack(id: NodeId, next: (id: NodeId) => readonly NodeId[]): NodeId[] {
  const cameFrom = new Map<NodeId, NodeId>();
  const queue = [id];
  for (const at of queue) {
    for (const to of next(at)) {
      if (to === id) return pathTo(at, cameFrom);
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      queue.push(to);
    }
  }
  throw new Error(`${id} is on no cycle`);
}

function pathTo(end: NodeId, cameFrom: ReadonlyMap<NodeId, NodeId>): NodeId[] {
  const path: NodeId[] = [];
  for (let at: NodeId | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function startAtSmallest(cycle: readonly NodeId[]): NodeId[] {
  const at = cycle.indexOf([...cycle].sort()[0] as NodeId);
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}
