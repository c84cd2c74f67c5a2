import type { ColumnOf, Passage, PathStep } from '../core/leakage.ts';
import type { NodeId } from '../core/node.ts';

/** One way from a column of an input into a column, through one SELECT. */
export interface Edge extends Passage {
  readonly from: ColumnOf;
  /** A bound keeps the day itself and later ones out. */
  readonly isBound: boolean;
}

/** Which columns the columns of a node come from. */
export interface NodeColumns {
  readonly columns: ReadonlyMap<string, readonly Edge[]>;
  /** Ways that reach every column of the node. */
  readonly everywhere: readonly Edge[];
}

export type ColumnGraph = ReadonlyMap<NodeId, NodeColumns>;

/**
 * The shortest way from a column that `isStart` holds of to `end`, values before row conditions; `mayPass` chooses the ways
 * that count. Undefined when there is none.
 */
export function shortestPath(
  graph: ColumnGraph,
  end: ColumnOf,
  isStart: (column: ColumnOf) => boolean,
  mayPass: (edge: Edge) => boolean,
): readonly PathStep[] | undefined {
  const seen = new Set([keyOf(end)]);
  let frontier: readonly Way[] = [{ at: end, after: [] }];
  while (frontier.length > 0) {
    const next: Way[] = [];
    for (const { at, after } of frontier) {
      for (const edge of edgesInto(graph, at)) {
        if (!mayPass(edge) || seen.has(keyOf(edge.from))) continue;
        seen.add(keyOf(edge.from));
        const { from, role, places, looseBounds } = edge;
        const steps = [{ ...at, by: { role, places, looseBounds } }, ...after];
        if (isStart(from)) return [{ ...from, by: undefined }, ...steps];
        next.push({ at: from, after: steps });
      }
    }
    frontier = next;
  }
  return undefined;
}

/** A column, and the steps from it to the end. */
interface Way {
  readonly at: ColumnOf;
  readonly after: readonly PathStep[];
}

const keyOf = ({ node, column }: ColumnOf): string => `${node}\n${column}`;

function edgesInto(graph: ColumnGraph, { node, column }: ColumnOf): readonly Edge[] {
  const known = graph.get(node);
  if (!known) return [];
  const edges = [...(known.columns.get(column) ?? []), ...known.everywhere];
  return [
    ...edges.filter(({ role }) => role === 'value'),
    ...edges.filter(({ role }) => role === 'rows'),
  ];
}
