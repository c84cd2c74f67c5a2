import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Relation } from '../../core/relation.ts';
import type { WireColumn, WireRows } from '../wire-type.ts';
import { statementError } from './errors.ts';
import { literal, quote, relationText } from './names.ts';
import { last, type Session } from './session.ts';
import { sendingQuery, takes, typeName } from './wire-types.ts';

export type CopyDriver = Pick<typeof import('pg-copy-streams'), 'from' | 'to'>;

/** Sends text or bytes to a `copy … from stdin`; how many rows the server took. @throws DatabaseError */
export async function copyFrom(
  session: Session,
  { from }: CopyDriver,
  sql: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<number> {
  const stream = session.client.query(from(sql));
  const finished = once(stream, 'finish');
  let refused: unknown;
  finished.catch((error: unknown) => {
    refused = error;
  });
  try {
    for await (const piece of pieces) {
      // The driver loses its connection to a statement that has failed: no more may be written then.
      if (refused !== undefined) throw refused;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), finished]);
    }
    if (refused !== undefined) throw refused;
    stream.end();
    await finished;
    return stream.rowCount;
  } catch (error) {
    if (refused === undefined) await takeBack(stream, error);
    const meant = statementError(error, sql);
    if (meant.code === 'connection-lost') session.isBroken = true;
    throw meant;
  }
}

/** Tells a server that still waits for rows that none will come: the session can go on then. */
async function takeBack(stream: ReturnType<CopyDriver['from']>, error: unknown): Promise<void> {
  const closed = once(stream, 'close').catch(() => undefined);
  stream.on('error', () => undefined);
  stream.destroy(error instanceof Error ? error : new Error(String(error)));
  await closed;
}

/**
 * Appends rows to columns of a table. COPY takes no other types: where a column has one, the rows land in a temporary
 * table and are cast. @throws DatabaseError
 */
export async function copyRowsIn(
  session: Session,
  driver: CopyDriver,
  relation: Relation,
  columns: readonly WireColumn[],
  rows: WireRows,
): Promise<number> {
  const types = await columnTypes(session, relation);
  const isSame = columns.every(({ name, type }) => takes(types.get(name)?.oid, type));
  if (isSame) return copyInto(session, driver, relationText(relation), columns, rows);
  const landing = '"pg_temp"."velo_landing"';
  const list = columns.map(({ name, type }) => `${quote(name)} ${typeName(type)}`);
  await session.run(`create temporary table "velo_landing" (${list.join(', ')})`);
  const count = await copyInto(session, driver, landing, columns, rows);
  const casts = columns.map(
    ({ name }) => `cast(${quote(name)} as ${types.get(name)?.name ?? 'text'})`,
  );
  const into = `${relationText(relation)} (${namesOf(columns)})`;
  await session.run(`insert into ${into} select ${casts.join(', ')} from ${landing}`);
  await session.run(`drop table ${landing}`);
  return count;
}

const namesOf = (columns: readonly WireColumn[]): string =>
  columns.map(({ name }) => quote(name)).join(', ');

const copyInto = (
  session: Session,
  driver: CopyDriver,
  table: string,
  columns: readonly WireColumn[],
  rows: WireRows,
): Promise<number> =>
  copyFrom(session, driver, `copy ${table} (${namesOf(columns)}) from stdin (format binary)`, rows);

interface ColumnType {
  readonly oid: number;
  readonly name: string;
}

async function columnTypes(
  session: Session,
  relation: Relation,
): Promise<ReadonlyMap<string, ColumnType>> {
  const { rows } = last(
    await session.run(`select attname, atttypid, format_type(atttypid, atttypmod)
from pg_attribute
where attrelid = to_regclass(${literal(relationText(relation))}) and attnum > 0 and not attisdropped`),
  );
  return new Map(
    rows.map(([column, oid, name]) => [column ?? '', { oid: Number(oid), name: name ?? '' }]),
  );
}

const PIECE_BYTES = 1 << 18;

/** Rows of a query as COPY sends them. Who stops early loses the session. @throws DatabaseError */
export async function* copyRowsOut(
  session: Session,
  { to }: CopyDriver,
  sql: string,
  columns: readonly WireColumn[],
): WireRows {
  const copying = `copy (\n${sendingQuery(sql, columns)}\n) to stdout (format binary)`;
  const stream = session.client.query(to(copying, { highWaterMark: PIECE_BYTES }));
  let isWhole = false;
  try {
    yield* Readable.prototype[Symbol.asyncIterator].call(stream) as WireRows;
    isWhole = true;
  } catch (error) {
    const meant = statementError(error, copying);
    isWhole = meant.code !== 'connection-lost';
    throw meant;
  } finally {
    if (!isWhole) session.isBroken = true;
  }
}
