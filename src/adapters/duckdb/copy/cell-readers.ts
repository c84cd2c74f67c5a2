import type { DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { DatabaseError } from '../../../core/errors.ts';
import {
  EPOCH_DAYS,
  EPOCH_MICROS,
  INT32_MAX,
  INT32_MIN,
  type WireColumn,
  type WireType,
} from '../../wire-type.ts';
import type { Driver } from '../connection.ts';
import { readNumeric } from './numeric-digits.ts';

/** Bytes of a row, and where they are looked at as numbers. */
export interface Piece {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Puts the cells of one column into one vector after the other. */
export interface CellReader {
  /** Takes the next vector, with room for `CHUNK_ROWS`. */
  begin(vector: DuckDBVector): void;
  /** The value of `length` bytes at `at`. @throws DatabaseError for what the engine has no value for */
  put(piece: Piece, at: number, length: number, row: number): void;
  putNull(row: number): void;
  /** Hands the values of the first `rows` rows to the engine. */
  flush(rows: number): void;
}

/** Rows of the engine's vectors. */
export const CHUNK_ROWS = 2048;

interface RawVector {
  readonly items?: ArrayBufferView;
  readonly dataView?: DataView;
  readonly validity: { data: BigUint64Array | null };
}

/** The reader of a column that is sent as `column.type` and kept as that type's own in DuckDB. */
export function cellReader(column: WireColumn, driver: Driver): CellReader {
  const { kind, isList } = column.type;
  const fixed = isList ? undefined : FIXED[kind as keyof typeof FIXED];
  if (fixed) return fixedReader(fixed);
  const reader = isList ? listReader : valueReader;
  return reader(readValue(column, driver));
}

/** A value of fixed length: how many bytes in the engine, and how they come over. */
interface Fixed {
  readonly to: number;
  put(words: DataView, to: number, view: DataView, at: number): void;
}

const FIXED = {
  bool: { to: 1, put: (words, to, view, at) => words.setUint8(to, view.getUint8(at)) },
  int2: { to: 2, put: (words, to, view, at) => words.setInt16(to, view.getInt16(at), true) },
  int4: { to: 4, put: swap32 },
  float4: { to: 4, put: swap32 },
  int8: { to: 8, put: swap64 },
  float8: { to: 8, put: swap64 },
  time: { to: 8, put: swap64 },
  date: { to: 4, put: (words, to, view, at) => words.setInt32(to, days(view, at), true) },
  timestamp: { to: 8, put: putMicros },
  timestamptz: { to: 8, put: putMicros },
  interval: { to: 16, put: putInterval },
  uuid: { to: 16, put: putUuid },
} as const satisfies Readonly<Record<string, Fixed>>;

function swap32(words: DataView, to: number, view: DataView, at: number): void {
  words.setInt32(to, view.getInt32(at), true);
}

function swap64(words: DataView, to: number, view: DataView, at: number): void {
  words.setInt32(to, view.getInt32(at + 4), true);
  words.setInt32(to + 4, view.getInt32(at), true);
}

function days(view: DataView, at: number): number {
  const value = view.getInt32(at);
  if (value === INT32_MAX) return INT32_MAX;
  return value === INT32_MIN ? -INT32_MAX : value + EPOCH_DAYS;
}

const WORD = 2 ** 32;
const EXACT_HIGH = 2 ** 20;

function putMicros(words: DataView, to: number, view: DataView, at: number): void {
  const high = view.getInt32(at);
  if (high < -EXACT_HIGH || high >= EXACT_HIGH) {
    words.setBigInt64(to, farMicros(view.getBigInt64(at)), true);
    return;
  }
  const micros = high * WORD + view.getUint32(at + 4) + EPOCH_MICROS;
  const shifted = Math.floor(micros / WORD);
  words.setInt32(to + 4, shifted, true);
  words.setUint32(to, micros - shifted * WORD, true);
}

const INT64_MAX = 2n ** 63n - 1n;

function farMicros(micros: bigint): bigint {
  if (micros === INT64_MAX) return INT64_MAX;
  return micros === -INT64_MAX - 1n ? -INT64_MAX : micros + BigInt(EPOCH_MICROS);
}

function putInterval(words: DataView, to: number, view: DataView, at: number): void {
  swap64(words, to + 8, view, at);
  swap32(words, to + 4, view, at + 8);
  swap32(words, to, view, at + 12);
}

function putUuid(words: DataView, to: number, view: DataView, at: number): void {
  words.setInt32(to + 12, view.getInt32(at) ^ INT32_MIN, true);
  words.setInt32(to + 8, view.getInt32(at + 4), true);
  swap64(words, to, view, at + 8);
}

function fixedReader({ to: size, put }: Fixed): CellReader {
  let words: DataView = new DataView(new ArrayBuffer(0));
  const nulls = nullBits();
  return {
    begin(vector) {
      const { items, dataView } = vector as unknown as RawVector;
      const { buffer, byteOffset, byteLength } = items ?? dataView ?? words;
      words = new DataView(buffer, byteOffset, byteLength);
      nulls.begin(vector);
    },
    put: ({ view }, at, _, row) => put(words, row * size, view, at),
    putNull: nulls.add,
    flush: nulls.flush,
  };
}

/** Which rows are NULL: bit by bit the driver would make two BigInts each. */
function nullBits() {
  const words = new Uint32Array(CHUNK_ROWS / 32);
  let vector: DuckDBVector | undefined;
  let hasNulls = false;
  return {
    begin(next: DuckDBVector) {
      vector = next;
      if (hasNulls) words.fill(0);
      hasNulls = false;
    },
    add(row: number) {
      const at = row >> 5;
      words[at] = (words[at] as number) | (1 << (row & 31));
      hasNulls = true;
    },
    flush() {
      if (hasNulls) {
        const valid = words.map((word) => ~word);
        (vector as unknown as RawVector).validity.data = new BigUint64Array(valid.buffer);
      }
      vector?.flush();
    },
  };
}

/** The value of `length` bytes at `at`, as the driver takes it. */
type Value = (piece: Piece, at: number, length: number) => DuckDBValue;

function valueReader(read: Value): CellReader {
  let vector: DuckDBVector | undefined;
  const nulls = nullBits();
  return {
    begin(next) {
      vector = next;
      nulls.begin(next);
    },
    put: (piece, at, length, row) => vector?.setItem(row, read(piece, at, length)),
    putNull: nulls.add,
    flush: nulls.flush,
  };
}

/** The driver looks at every list of the vector, also at those that nobody has set: none may be left as it is. */
function listReader(read: Value): CellReader {
  const reader = valueReader(read);
  let vector: DuckDBVector | undefined;
  return {
    ...reader,
    begin(next) {
      vector = next;
      reader.begin(next);
    },
    putNull(row) {
      vector?.setItem(row, null);
      reader.putNull(row);
    },
    flush(rows) {
      for (let row = rows; row < CHUNK_ROWS; row += 1) vector?.setItem(row, null);
      reader.flush(rows);
    },
  };
}

function readValue(column: WireColumn, driver: Driver): Value {
  const { type } = column;
  if (type.isList) return listOf(column, driver);
  switch (type.kind) {
    case 'numeric':
      return numericOf(column, driver);
    case 'bytea':
      return ({ bytes }, at, length) =>
        new driver.DuckDBBlobValue(Uint8Array.prototype.slice.call(bytes, at, at + length));
    case 'jsonb':
      return ({ bytes }, at, length) => bytes.toString('utf8', at + 1, at + length);
    case 'text':
    case 'json':
      return ({ bytes }, at, length) => bytes.toString('utf8', at, at + length);
    default:
      return scalarOf(type, driver);
  }
}

/** Values of fixed length as the driver has them: only elements of lists are read so. */
function scalarOf({ kind }: WireType, driver: Driver): Value {
  const fixed = FIXED[kind as keyof typeof FIXED];
  const words = new DataView(new ArrayBuffer(16));
  const make = MAKES[kind as keyof typeof MAKES](driver);
  return ({ view }, at) => {
    fixed.put(words, 0, view, at);
    return make(words);
  };
}

type Make = (words: DataView) => DuckDBValue;

const MAKES = {
  bool: () => (words) => words.getUint8(0) === 1,
  int2: () => (words) => words.getInt16(0, true),
  int4: () => (words) => words.getInt32(0, true),
  int8: () => (words) => words.getBigInt64(0, true),
  float4: () => (words) => words.getFloat32(0, true),
  float8: () => (words) => words.getFloat64(0, true),
  time: (driver) => (words) => new driver.DuckDBTimeValue(words.getBigInt64(0, true)),
  date: (driver) => (words) => new driver.DuckDBDateValue(words.getInt32(0, true)),
  timestamp: (driver) => (words) => new driver.DuckDBTimestampValue(words.getBigInt64(0, true)),
  timestamptz: (driver) => (words) => new driver.DuckDBTimestampTZValue(words.getBigInt64(0, true)),
  interval: (driver) => (words) =>
    new driver.DuckDBIntervalValue(
      words.getInt32(0, true),
      words.getInt32(4, true),
      words.getBigInt64(8, true),
    ),
  uuid: (driver) => (words) =>
    driver.DuckDBUUIDValue.fromStoredHugeInt(
      (words.getBigInt64(8, true) << 64n) | words.getBigUint64(0, true),
    ),
} as const satisfies Readonly<Record<string, (driver: Driver) => Make>>;

/** Digits of the widest DECIMAL. */
const MOST_DIGITS = 38;

function numericOf({ name, type }: WireColumn, driver: Driver): Value {
  const { precision = 0, scale = 0 } = type;
  return ({ view }, at) => {
    const value = readNumeric(view, at, scale);
    if (value === undefined) {
      throw refusal(`column ${name}: NaN and infinity are no DECIMAL`, 'cast it to float8');
    }
    return precision > MOST_DIGITS ? value : new driver.DuckDBDecimalValue(value, precision, scale);
  };
}

const LIST_HEAD_BYTES = 12;
const DIMENSION_BYTES = 8;

function listOf({ name, type: { isList: _, ...type } }: WireColumn, driver: Driver): Value {
  const element = readValue({ name, type }, driver);
  return (piece, at) => {
    const { view } = piece;
    const dimensions = view.getInt32(at);
    if (dimensions > 1) {
      throw refusal(`column ${name}: an array of ${dimensions} dimensions`, 'cast it to json');
    }
    const items: DuckDBValue[] = [];
    const count = dimensions === 0 ? 0 : view.getInt32(at + LIST_HEAD_BYTES);
    let from = at + LIST_HEAD_BYTES + DIMENSION_BYTES;
    for (let i = 0; i < count; i += 1) {
      const length = view.getInt32(from);
      from += 4;
      items.push(length < 0 ? null : element(piece, from, length));
      from += Math.max(length, 0);
    }
    return new driver.DuckDBListValue(items);
  };
}

const refusal = (message: string, hint: string): DatabaseError =>
  new DatabaseError('database-error', message, '', { hint });
