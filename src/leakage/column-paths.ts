import type { NodeId } from '../core/node.ts';
import type { Span } from '../core/span.ts';

/** A column of a node; its name in lower case. */
export interface ColumnOf {
  readonly node: NodeId;
  readonly column: string;
}

/** One way from a column of an input into a column, through one SELECT. */
export interface Edge {
  readonly from: ColumnOf;
  /** `rows`: it does not make the value, it decides which rows count. */
  readonly role: 'value' | 'rows';
  /** A bound keeps the day itself and later ones out. */
  readonly isBound: boolean;
  /** What it passes on the way, from the input on. */
  readonly places: readonly Span[];
}

/** Which columns the columns of a node come from. */
export interface NodeColumns {
  readonly columns: ReadonlyMap<string, readonly Edge[]>;
  /** Ways that reach every column of the node. */
  readonly everywhere: readonly Edge[];
}

export type ColumnGraph = ReadonlyMap<NodeId, NodeColumns>;

/** A column on a way, and the places where the next one is made from it; none for the last. */
export interface PathStep extends ColumnOf {
  readonly role: Edge['role'];
  readonly places: readonly Span[];
}

/**
 * The shortest way from a column `isStart` holds of to `end`, values before row conditions; `mayPass` chooses the ways
 * that count. Undefined when there is none.
 */
export function shortestPath(
  graph: ColumnGraph,
  end: ColumnOf,
  isStart: (column: ColumnOf) => boolean,
  mayPass: (edge: Edge) => boolean,
): readonly PathStep[] | undefined {
  const seen = new Set([keyOf(end)]);
  let frontier: readonly (readonly PathStep[])[] = [[{ ...end, role: 'value', places: [] }]];
  while (frontier.length > 0) {
    const next: (readonly PathStep[])[] = [];
    for (const path of frontier) {
      for (const edge of edgesInto(graph, path[0] as PathStep)) {
        if (!mayPass(edge) || seen.has(keyOf(edge.from))) continue;
        seen.add(keyOf(edge.from));
        const longer = [{ ...edge.from, role: edge.role, places: edge.places }, ...path];
        if (isStart(edge.from)) return longer;
        next.push(longer);
      }
    }
    frontier = next;
  }
  return undefined;
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
