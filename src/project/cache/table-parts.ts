import type { Node } from '../../core/node.ts';
import type { DetailWriter } from './detail-store.ts';
import { columnsWriter, type NodeColumns } from './node-columns.ts';

/** A part of columns on their way into new ones: a new node, or rows as they were before. */
export type TablePart = NewRow | KeptRows;

export interface NewRow {
  readonly node: Node;
  /** Row of the node a generic test is listed under; -1 for all other nodes. */
  readonly testOf: number;
  readonly parents: readonly number[];
  /** The row before that it takes the place of; -1: there was none. */
  readonly before: number;
}

/** Rows of the columns before: from the first number to the one before the second. */
export interface KeptRows {
  readonly from: number;
  readonly to: number;
}

/**
 * Columns of these parts; new nodes go to `details`.
 * @param before what kept rows are rows of
 */
export function columnsOf(
  parts: readonly TablePart[],
  details: Pick<DetailWriter, 'add'>,
  before?: NodeColumns,
): NodeColumns {
  const writer = columnsWriter(before);
  for (const part of parts) {
    if ('node' in part) writer.addNode(part.node, { ...part, place: details.add(part.node) });
    else writer.copyRows(part.from, part.to);
  }
  return writer.columns;
}

/** The new rows among these parts, by their row. */
export function newRowsOf(parts: readonly TablePart[]): ReadonlyMap<number, NewRow> {
  const rows = new Map<number, NewRow>();
  let row = 0;
  for (const part of parts) {
    if ('node' in part) rows.set(row, part);
    row += 'node' in part ? 1 : part.to - part.from;
  }
  return rows;
}

/** For each row the one before that it was; -1 for a new node. */
export function rowsBefore(parts: readonly TablePart[]): readonly number[] {
  const rows: number[] = [];
  for (const part of parts) {
    if ('node' in part) rows.push(-1);
    else for (let row = part.from; row < part.to; row += 1) rows.push(row);
  }
  return rows;
}

/** Nodes that are all new. */
export function newParts(
  nodes: Iterable<Node>,
  rowOf: (id: Node['id']) => number | undefined,
  parents: (id: Node['id']) => readonly Node['id'][],
): readonly NewRow[] {
  return Array.from(nodes, (node) => ({
    node,
    testOf: testedBy(node, rowOf),
    parents: parents(node.id).flatMap((id) => rowOf(id) ?? []),
    before: -1,
  }));
}

/** Row of the node a generic test is listed under. */
function testedBy({ check }: Node, rowOf: (id: Node['id']) => number | undefined): number {
  return check?.generic && check.attachedTo ? (rowOf(check.attachedTo) ?? -1) : -1;
}
