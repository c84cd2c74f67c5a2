import type { OnRows, Patience, RelationInfo, RelationType } from '../adapters/adapter.ts';
import type { WireColumn } from '../adapters/wire-type.ts';
import type { Relation } from '../core/relation.ts';
import { backUp } from './backups.ts';
import { type MatchedColumns, matchColumns } from './match-columns.ts';
import { createTable, moveRows } from './move-rows.ts';
import { columnsOf, rowsOf, runAll, type TableEnd } from './table-end.ts';

/** A table whose rows go to another. */
export interface Transfer {
  readonly from: TableEnd;
  readonly to: TableEnd;
  readonly columns: MatchedColumns;
  /** What stands there now. */
  readonly existing: RelationType | undefined;
  /** Which rows are replaced; undefined: the whole table. */
  readonly part: Part | undefined;
}

/** A condition for rows of either table, in the words of its engine and with its names of columns. */
export type Part = (end: Pick<TableEnd, 'dialect'>, side: 'from' | 'to') => string;

export interface ReplaceOptions {
  /** Tables and views of the receiving schema. */
  readonly relations: readonly RelationInfo[];
  readonly backups: number;
  readonly patience: Patience;
  readonly now: () => number;
  readonly onRows?: OnRows | undefined;
  /** Called with the table that has the rows, before anybody sees them. What it throws stops everything. */
  test(rows: Relation): Promise<void>;
  /** Statements for the same transaction, after the rows. */
  readonly alongside: readonly string[];
}

/** Columns of both tables, matched. @throws DatabaseError */
export async function matchTables(
  from: TableEnd,
  to: TableEnd,
  existing: RelationType | undefined,
): Promise<MatchedColumns> {
  const here: readonly WireColumn[] = await columnsOf(from);
  return matchColumns(here, existing && (await columnsOf(to)));
}

/**
 * Replaces rows of a table by those of another: copied aside, tested there, and put in their place with a backup, all
 * in one transaction, so that readers see the old rows or the new ones, however it ends. Returns how many were sent.
 * @throws DatabaseError, and what `test` throws
 */
export function replaceTable(transfer: Transfer, options: ReplaceOptions): Promise<number> {
  const { connection } = transfer.to;
  const replace = transfer.part ? replacePart : replaceAll;
  return connection.transaction(() => replace(transfer, options));
}

async function replaceAll(transfer: Transfer, options: ReplaceOptions): Promise<number> {
  const { to, existing, columns } = transfer;
  const { connection, dialect, relation } = to;
  const staged = await stage(transfer);
  const sent = await send(transfer, staged, options);
  await options.test(staged);
  if (existing === 'table') {
    await runAll(to, backUp(to, options.relations, { keep: options.backups, ...timing(options) }));
  }
  if (columns.sent.length === 0) throw new Error(`${relation.name} has no column to send`);
  await runAll({ connection }, dialect.publishStaged(relation, existing, options.patience));
  await runAll(to, options.alongside);
  return sent;
}

const timing = ({ now, patience }: ReplaceOptions) => ({ now: now(), patience });

/** Only some of the rows. Tests see the whole table as it will be, in the transaction alone. */
async function replacePart(transfer: Transfer, options: ReplaceOptions): Promise<number> {
  const { to, part, columns } = transfer;
  const { dialect, relation } = to;
  if (!part) throw new Error('a part of the table is meant');
  const staged = await stage(transfer);
  const sent = await send(transfer, staged, options);
  await runAll(to, backUp(to, options.relations, { keep: options.backups, ...timing(options) }));
  const names = columns.names.map(dialect.quote).join(', ');
  await runAll(to, [
    `delete from ${dialect.relation(relation)} where ${part(to, 'to')}`,
    `insert into ${dialect.relation(relation)} (${names}) select ${names} from ${dialect.relation(staged)}`,
    dialect.dropRelation(staged, 'table'),
  ]);
  await options.test(relation);
  await runAll(to, options.alongside);
  return sent;
}

/** An empty table beside the one that will be replaced; what an interrupted run may have left there goes. */
async function stage({ to, existing, columns }: Transfer): Promise<Relation> {
  const { dialect, relation } = to;
  const staged = dialect.stagedBeside(relation);
  const named = columns.sent.map(({ type }, k) => ({ name: columns.names[k] ?? '', type }));
  await runAll(to, [
    `drop table if exists ${dialect.relation(staged)}`,
    existing === 'table'
      ? dialect.emptyLike(staged, relation)
      : createTable(dialect, staged, named),
  ]);
  return staged;
}

function send(
  { from, to, columns, part }: Transfer,
  staged: Relation,
  { onRows }: ReplaceOptions,
): Promise<number> {
  const { dialect } = from;
  const names = columns.sent.map(({ name }) => dialect.quote(name)).join(', ');
  const sql = `select ${names} from (${rowsOf(from)}) as velo_table${
    part ? ` where ${part(from, 'from')}` : ''
  }`;
  return moveRows(
    { connection: from.connection, sql },
    { connection: to.connection, relation: staged },
    columns.sent,
    { names: columns.names, ...(onRows && { onRows }) },
  );
}
