import type { DuckDBConnection } from '@duckdb/node-api';
import type { OnRows } from '../../adapter.ts';
import { WIRE_END, WIRE_HEAD, type WireColumn, type WireRows } from '../../wire-type.ts';
import { statementError } from '../errors.ts';
import { type CellWriter, cellWriter, type Page } from './cell-writers.ts';
import { sendingQuery, wireTypeOf } from './wire-types.ts';

/** The columns of a query by name, with DuckDB's names of their types. Nothing is run. @throws DatabaseError */
export async function describeQuery(
  session: DuckDBConnection,
  sql: string,
): Promise<ReadonlyMap<string, string>> {
  const describing = `describe (\n${sql}\n)`;
  try {
    const rows = await (await session.run(describing)).getRowsJson();
    return new Map(rows.map(([name, type]) => [String(name), String(type)]));
  } catch (error) {
    throw statementError(error, describing);
  }
}

export const wireColumns = (described: ReadonlyMap<string, string>): WireColumn[] =>
  [...described].map(([name, type]) => ({ name, type: wireTypeOf(type) }));

const COUNT_BYTES = 2;

/**
 * Rows of a query as COPY sends them, a vector's rows at a time: never more than those are held. Whoever stops early
 * waits until the engine has come to the end: a result that is left open keeps the file in use. @throws DatabaseError
 */
export async function* encodeRows(
  session: DuckDBConnection,
  sql: string,
  columns: readonly WireColumn[],
  onRows?: OnRows,
): WireRows {
  const query = sendingQuery(sql, columns, await describeQuery(session, sql));
  const writers = columns.map(({ type }) => cellWriter(type));
  const next = await vectorsOf(session, query);
  let chunk = await next();
  let rows = 0;
  try {
    yield WIRE_HEAD;
    for (; chunk; chunk = await next()) {
      let size = chunk.rowCount * COUNT_BYTES;
      for (const [k, writer] of writers.entries()) {
        size += writer.load(chunk.getColumnVector(k), chunk.rowCount);
      }
      yield encodePage(writers, chunk.rowCount, size);
      rows += chunk.rowCount;
      onRows?.(rows);
    }
    yield WIRE_END;
  } finally {
    while (chunk) chunk = await next();
  }
}

/** Vectors of a result, one after the other; undefined at its end, and after a failure. */
async function vectorsOf(session: DuckDBConnection, sql: string) {
  let isOver = false;
  const failed = (error: unknown) => {
    isOver = true;
    throw statementError(error, sql);
  };
  const result = await session.stream(sql).catch(failed);
  return async () => {
    const chunk = isOver ? null : await result.fetchChunk().catch(failed);
    return chunk && chunk.rowCount > 0 ? chunk : undefined;
  };
}

/** Bytes are not used again: whoever sends them keeps them until they are gone. */
function encodePage(writers: readonly CellWriter[], rows: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(size);
  const page: Page = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
  const count = writers.length;
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    page.view.setInt16(at, count);
    at += COUNT_BYTES;
    for (let k = 0; k < count; k += 1) at = (writers[k] as CellWriter).write(page, at, row);
  }
  return bytes.subarray(0, at);
}
