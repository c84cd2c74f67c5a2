import type { Node } from '../../core/node.ts';
import type { DetailWriter } from './detail-store.ts';
import { columnsWriter, type DetailPlace, type NodeColumns } from './node-columns.ts';

/** One node on its way into columns: a new one, or a row of the columns before. */
export type TableRow = (
  | { readonly node: Node }
  | { readonly from: NodeColumns; readonly row: number }
) & {
  /** Row of the node a generic test is listed under; -1 for all other nodes. */
  readonly testOf: number;
  readonly parents: readonly number[];
};

/**
 * Columns of these rows; new nodes go to `details`.
 * @param placeOf where a node of the columns before is kept now
 */
export function columnsOf(
  rows: readonly TableRow[],
  details: Pick<DetailWriter, 'add'>,
  placeOf: (from: NodeColumns, row: number) => DetailPlace = placeIn,
): NodeColumns {
  const writer = columnsWriter();
  for (const row of rows) {
    const { testOf, parents } = row;
    if ('node' in row) {
      writer.addNode(row.node, { testOf, parents, place: details.add(row.node) });
    } else {
      writer.copyRow(row.from, row.row, { testOf, parents, place: placeOf(row.from, row.row) });
    }
  }
  return writer.columns;
}

export const placeIn = (columns: NodeColumns, row: number): DetailPlace => ({
  segment: columns.segment[row] as number,
  offset: columns.offset[row] as number,
  length: columns.length[row] as number,
});

/** Rows of nodes that are all new. */
export function newRows(
  nodes: Iterable<Node>,
  rowOf: (id: Node['id']) => number | undefined,
  parents: (id: Node['id']) => readonly Node['id'][],
): TableRow[] {
  return Array.from(nodes, (node) => ({
    node,
    testOf: testedBy(node, rowOf),
    parents: parents(node.id).flatMap((id) => rowOf(id) ?? []),
  }));
}

/** Row of the node a generic test is listed under. */
function testedBy({ check }: Node, rowOf: (id: Node['id']) => number | undefined): number {
  return check?.generic && check.attachedTo ? (rowOf(check.attachedTo) ?? -1) : -1;
}
