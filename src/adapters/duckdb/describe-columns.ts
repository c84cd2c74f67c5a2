import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { TypedColumnName } from '../adapter.ts';
import { describeQuery } from './copy/encode-rows.ts';
import { statementError } from './errors.ts';

/** The columns a table made of one SELECT has. It is prepared and not run. @throws DatabaseError */
export async function describeColumns(
  session: DuckDBConnection,
  sql: string,
): Promise<readonly TypedColumnName[]> {
  // As a subquery it cannot end in ';', and its names are made different as those of a table are.
  const preparing = `from (\n${sql}\n)`;
  const columns = await session
    .prepare(preparing)
    .catch((error: unknown) => Promise.reject(statementError(error, preparing)));
  try {
    const types = Array.from({ length: columns.columnCount }, (_, i) => columns.columnType(i));
    // The driver's text of a type within another has no such name as JSON.
    if (types.some(isNamedWithin)) return typedColumns(await describeQuery(session, sql));
    return types.map((type, i) => ({
      name: columns.columnName(i),
      type: type.alias ?? String(type),
    }));
  } finally {
    columns.destroySync();
  }
}

const typedColumns = (described: ReadonlyMap<string, string>): TypedColumnName[] =>
  Array.from(described, ([name, type]) => ({ name, type }));

const isNamedWithin = (type: DuckDBType): boolean => Object.values(type).flat().some(isNamed);

const isNamed = (part: unknown): boolean =>
  typeof part === 'object' &&
  part !== null &&
  (('alias' in part && part.alias !== undefined) || isNamedWithin(part as DuckDBType));
