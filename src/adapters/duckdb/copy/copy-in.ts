import type { DuckDBConnection } from '@duckdb/node-api';
import type { Relation } from '../../../core/relation.ts';
import type { Connection, OnRows } from '../../adapter.ts';
import type { WireColumn, WireRows } from '../../wire-type.ts';
import { duckdbCatalog } from '../catalog.ts';
import type { Driver, Run } from '../connection.ts';
import { quote, relationText } from '../names.ts';
import { decodeRows } from './decode-rows.ts';
import { typeName } from './wire-types.ts';

interface Target extends Pick<Connection, 'query'> {
  readonly driver: Driver;
  readonly session: DuckDBConnection;
  readonly run: Run;
}

interface Incoming {
  readonly rows: WireRows;
  readonly onRows: OnRows | undefined;
  /** Name of a temporary table that is not taken. */
  readonly landing: string;
}

/**
 * Appends rows to columns of a table. The appender takes all columns and no other types: where the table is not just of
 * them, the rows land in a temporary one. @throws DatabaseError
 */
export async function copyIn(
  target: Target,
  relation: Relation,
  columns: readonly WireColumn[],
  { rows, onRows, landing }: Incoming,
): Promise<number> {
  const there = await target.query(duckdbCatalog.listColumns(relation));
  const isSame =
    there.length === columns.length &&
    columns.every(
      ({ name, type }, k) => there[k]?.['name'] === name && there[k]['type'] === typeName(type),
    );
  if (isSame) return decodeRows(target, relation, columns, rows, onRows);
  const list = columns.map(({ name, type }) => `${quote(name)} ${typeName(type)}`);
  const place = { database: 'temp', schema: 'main', name: landing };
  await target.run(`create temporary table ${quote(landing)} (${list.join(', ')})`);
  try {
    const count = await decodeRows(target, place, columns, rows, onRows);
    const from = relationText(place);
    await target.run(`insert into ${relationText(relation)} by name (select * from ${from})`);
    return count;
  } finally {
    await target.run(`drop table if exists ${relationText(place)}`).catch(() => undefined);
  }
}
