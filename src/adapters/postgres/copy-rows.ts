import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Relation } from '../../core/relation.ts';
import type { WireColumn, WireRows } from '../wire-type.ts';
import { statementError } from './errors.ts';
import { quote, relationText } from './names.ts';
import type { Session } from './session.ts';
import { sendingQuery } from './wire-types.ts';

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

/** Appends rows to columns of a table. @throws DatabaseError */
export const copyRowsIn = (
  session: Session,
  driver: CopyDriver,
  relation: Relation,
  columns: readonly WireColumn[],
  rows: WireRows,
): Promise<number> => {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  const sql = `copy ${relationText(relation)} (${names}) from stdin (format binary)`;
  return copyFrom(session, driver, sql, rows);
};

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
