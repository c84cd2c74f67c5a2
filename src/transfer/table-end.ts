import type { Connection, Dialect, RelationInfo, RelationType } from '../adapters/adapter.ts';
import type { WireColumn } from '../adapters/wire-type.ts';
import type { Relation } from '../core/relation.ts';

/** A database as one end of a transfer sees it, in one session. */
export interface End {
  readonly connection: Connection;
  readonly dialect: Dialect;
}

/** A table at one end. */
export interface TableEnd extends End {
  readonly relation: Relation;
}

/** What stands under the name of a table. */
export const existingType = (
  { schema, name }: Relation,
  relations: readonly RelationInfo[],
): RelationType | undefined =>
  relations.find(
    ({ relation }) =>
      relation.schema.toLowerCase() === schema.toLowerCase() &&
      relation.name.toLowerCase() === name.toLowerCase(),
  )?.type;

export const rowsOf = ({ dialect, relation }: Pick<TableEnd, 'dialect' | 'relation'>): string =>
  `select * from ${dialect.relation(relation)}`;

export const columnsOf = (end: TableEnd): Promise<readonly WireColumn[]> =>
  end.connection.wireColumns(rowsOf(end));

/** How many rows a query has. */
export async function countRows({ connection }: End, sql: string): Promise<number> {
  const [row] = await connection.query(`select count(*) as n from (\n${sql}\n) as velo_rows`);
  return Number(row?.['n']);
}

export async function runAll(
  { connection }: Pick<End, 'connection'>,
  statements: readonly string[],
): Promise<void> {
  for (const statement of statements) await connection.execute(statement);
}
