import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { DatabaseError } from '../../../core/errors.ts';
import type { Relation } from '../../../core/relation.ts';
import type { OnRows } from '../../adapter.ts';
import { WIRE_HEAD, type WireColumn, type WireRows } from '../../wire-type.ts';
import type { Driver } from '../connection.ts';
import { statementError } from '../errors.ts';
import { type CellReader, CHUNK_ROWS, cellReader, type Piece } from './cell-readers.ts';

/**
 * Appends rows as COPY sends them to a table of just these columns; how many. A vector's rows at a time: never more
 * than those and a piece of the stream are held. @throws DatabaseError
 */
export async function decodeRows(
  { driver, session }: { readonly driver: Driver; readonly session: DuckDBConnection },
  { database, schema, name }: Relation,
  columns: readonly WireColumn[],
  rows: WireRows,
  onRows?: OnRows,
): Promise<number> {
  const appender = await session.createAppender(name, schema, database);
  try {
    const sink = chunkSink(driver, appender, columns, onRows);
    await readRows(rows, columns.length, sink);
    sink.flush();
    appender.flushSync();
    return sink.rowCount();
  } catch (error) {
    appender.clear();
    throw error instanceof DatabaseError ? error : statementError(error, `-- append to ${name}`);
  } finally {
    appender.closeSync();
  }
}

/** Where the fields of rows go. */
interface Sink {
  readonly readers: readonly CellReader[];
  /** The row of the vectors that is filled now. */
  row(): number;
  endRow(): void;
}

function chunkSink(
  driver: Driver,
  appender: DuckDBAppender,
  columns: readonly WireColumn[],
  onRows: OnRows | undefined,
) {
  const readers = columns.map((column) => cellReader(column, driver));
  const types = columns.map((_, k) => appender.columnType(k));
  let chunk: DuckDBDataChunk | undefined;
  let at = 0;
  let total = 0;
  const begin = () => {
    chunk = driver.DuckDBDataChunk.create(types, CHUNK_ROWS);
    for (const [k, reader] of readers.entries()) reader.begin(chunk.getColumnVector(k));
    at = 0;
  };
  const flush = () => {
    if (!chunk || at === 0) return;
    for (const reader of readers) reader.flush(at);
    chunk.rowCount = at;
    appender.appendDataChunk(chunk);
    total += at;
    onRows?.(total);
    begin();
  };
  begin();
  return {
    readers,
    row: () => at,
    endRow() {
      at += 1;
      if (at === CHUNK_ROWS) flush();
    },
    flush,
    rowCount: () => total,
  };
}

const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;

/** Rows are read whole: what a piece holds of one that is not is put before the next piece. */
async function readRows(rows: WireRows, count: number, sink: Sink): Promise<void> {
  let rest = Buffer.alloc(0);
  let isAtHead = true;
  for await (const bytes of rows) {
    const joined = rest.length > 0 ? Buffer.concat([rest, bytes]) : asBuffer(bytes);
    const from = isAtHead ? headLength(joined) : 0;
    if (from < 0) {
      rest = joined;
      continue;
    }
    isAtHead = false;
    rest = joined.subarray(readPiece(joined, from, count, sink));
  }
  // All that may be left is the end.
  if (isAtHead || rest.length !== COUNT_BYTES)
    throw new Error('the stream of rows ended within a row');
}

const asBuffer = (bytes: Uint8Array): Buffer<ArrayBuffer> =>
  Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);

const headLength = (bytes: Buffer): number =>
  bytes.length < WIRE_HEAD.length
    ? -1
    : WIRE_HEAD.length + bytes.readUInt32BE(WIRE_HEAD.length - LENGTH_BYTES);

/** Reads the rows that are whole; returns where the rest begins. */
function readPiece(bytes: Buffer, from: number, count: number, sink: Sink): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const piece: Piece = { bytes, view };
  let at = from;
  for (;;) {
    const end = rowEnd(view, at, count);
    if (end < 0) return at;
    readRow(piece, at + COUNT_BYTES, sink);
    at = end;
  }
}

/** Where the row ends; -1 for one that is not whole, and for the end of the stream. */
function rowEnd(view: DataView, from: number, count: number): number {
  let at = from + COUNT_BYTES;
  const size = view.byteLength;
  if (at > size || view.getInt16(from) < 0) return -1;
  for (let k = 0; k < count; k += 1) {
    if (at + LENGTH_BYTES > size) return -1;
    at += LENGTH_BYTES + Math.max(view.getInt32(at), 0);
  }
  return at > size ? -1 : at;
}

function readRow(piece: Piece, from: number, { readers, row, endRow }: Sink): void {
  const { view } = piece;
  const to = row();
  let at = from;
  for (const reader of readers) {
    const length = view.getInt32(at);
    at += LENGTH_BYTES;
    if (length < 0) reader.putNull(to);
    else {
      reader.put(piece, at, length, to);
      at += length;
    }
  }
  endRow();
}
