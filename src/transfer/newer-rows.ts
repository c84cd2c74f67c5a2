import type { Dialect } from '../adapters/adapter.ts';
import type { WireType } from '../adapters/wire-type.ts';
import type { MatchedColumns } from './match-columns.ts';
import type { Part } from './replace-table.ts';
import { countRows, type TableEnd } from './table-end.ts';

/** Rows of a table that another has not yet. */
export interface NewerRows {
  readonly part: Part;
  readonly rows: number;
  /** In words: `from 2024-01-31 on`. */
  readonly text: string;
}

/**
 * The rows from the last value of the cursor on: those of that value may be more by now, and are sent again. Undefined
 * where the table must be sent whole: no such column in both, no rows here, or other rows before it, of which some were
 * removed or came late. @throws DatabaseError
 */
export async function newerRows(
  theirs: TableEnd,
  ours: TableEnd,
  { sent, names }: MatchedColumns,
  cursor: string | undefined,
): Promise<NewerRows | undefined> {
  const at = names.findIndex((name) => name.toLowerCase() === cursor?.toLowerCase());
  const column = sent[at];
  const name = names[at];
  if (!column || name === undefined) return undefined;
  const { connection, dialect, relation } = ours;
  const newest = `select cast(max(${dialect.quote(name)}) as varchar) as last from ${dialect.relation(relation)}`;
  const [row] = await connection.query(newest);
  const last = row?.['last'];
  if (typeof last !== 'string') return undefined;
  const value = (end: Dialect) => cursorValue(end, last, column.type);
  const compared = (end: TableEnd, own: string, operator: string) =>
    `select 1 as one from ${end.dialect.relation(end.relation)} where ${end.dialect.quote(own)} ${operator} ${value(end.dialect)}`;
  const before = await countRows(theirs, compared(theirs, column.name, '<'));
  if (before !== (await countRows(ours, compared(ours, name, '<')))) return undefined;
  const rows = await countRows(theirs, compared(theirs, column.name, '>='));
  return {
    part: (end, side) =>
      `${end.dialect.quote(side === 'from' ? column.name : name)} >= ${value(end.dialect)}`,
    rows,
    text: `from ${last} on`,
  };
}

const cursorValue = (dialect: Dialect, text: string, type: WireType): string =>
  `cast(${dialect.literal(text)} as ${dialect.wireTypeName(type)})`;
