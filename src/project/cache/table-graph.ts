import type { Manifest, NodeId } from '../../core/node.ts';
import { type Graph, knownGraph } from '../../graph/build-graph.ts';
import type { Edges } from '../../graph/order-nodes.ts';
import { createResolver } from '../../graph/resolve-references.ts';
import type { NodeTable } from './node-table.ts';

/** The graph of a table, whose references were resolved when it was made. */
export function tableGraph(manifest: Manifest, table: NodeTable, disabled: NodeTable): Graph {
  const { columns } = table;
  let inverted: readonly (readonly number[])[] | undefined;
  return knownGraph(manifest, {
    parents: edges(table, () => columns.parents),
    children: edges(table, () => (inverted ??= invert(columns.parents))),
    resolver: () => tableResolver(manifest, table, disabled),
  });
}

/** Finds nodes by names without looking into any. */
export const tableResolver = (manifest: Manifest, table: NodeTable, disabled: NodeTable) =>
  createResolver(manifest, (node) =>
    (manifest.disabled.get(node.id) === node ? disabled : table).namesOf(node),
  );

function edges(
  { columns, rowOf }: NodeTable,
  neighbours: () => readonly (readonly number[])[],
): Edges {
  return {
    get: (id) => neighbours()[rowOf(id) ?? -1]?.map((row) => columns.id[row] as NodeId),
  };
}

function invert(parents: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const children: number[][] = parents.map(() => []);
  for (const [row, above] of parents.entries())
    for (const parent of above) children[parent]?.push(row);
  return children;
}
