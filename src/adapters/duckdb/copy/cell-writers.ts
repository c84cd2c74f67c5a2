import type { DuckDBBlobVector, DuckDBListVector, DuckDBVector } from '@duckdb/node-api';
import {
  EPOCH_DAYS,
  EPOCH_MICROS,
  INT32_MAX,
  INT32_MIN,
  WIRE_OIDS,
  type WireType,
} from '../../wire-type.ts';
import { MOST_NUMERIC_BYTES, writeNumeric } from './numeric-digits.ts';

/** Where rows are written. */
export interface Page {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Writes the cells of one column; made once a column, it takes one vector after the other. */
export interface CellWriter {
  /** Takes the values of the next rows; returns how many bytes they take at most. */
  load(vector: DuckDBVector, rows: number): number;
  /** Writes length and value of a row at `at`; returns the end. */
  write(page: Page, at: number, row: number): number;
}

/** What the vectors have besides DuckDBVector's face. */
interface RawVector {
  readonly items?: ArrayBufferView;
  readonly dataView?: DataView;
  readonly validity: { readonly data: BigUint64Array | null };
}

const raw = (vector: DuckDBVector): RawVector => vector as unknown as RawVector;

/** The engine's memory, in parts of 32 bits: asking for 64 makes a BigInt each time. */
function wordsOf(vector: DuckDBVector): DataView {
  const { items, dataView } = raw(vector);
  const { buffer, byteOffset, byteLength } = items ?? dataView ?? new DataView(new ArrayBuffer(0));
  return new DataView(buffer, byteOffset, byteLength);
}

/** One bit a row, set for "not NULL"; undefined when none is NULL. */
function validityOf(vector: DuckDBVector): Uint32Array | undefined {
  const { data } = raw(vector).validity;
  return data === null
    ? undefined
    : new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
}

const LENGTH_BYTES = 4;

/** The writer of a column that is sent as `type`. */
export function cellWriter(type: WireType): CellWriter {
  if (type.isList) return listWriter(type);
  switch (type.kind) {
    case 'text':
    case 'json':
    case 'bytea':
      return bytesWriter(0);
    case 'jsonb':
      return bytesWriter(1);
    case 'numeric':
      return numericWriter(type);
    default:
      return fixedWriter(FIXED[type.kind]);
  }
}

/** A value of fixed length: how many bytes in the engine and on the wire, and how they go over. */
interface Fixed {
  readonly from: number;
  readonly to: number;
  put(out: DataView, at: number, words: DataView, from: number): void;
}

const FIXED = {
  bool: { from: 1, to: 1, put: (out, at, words, from) => out.setUint8(at, words.getUint8(from)) },
  int2: {
    from: 2,
    to: 2,
    put: (out, at, words, from) => out.setInt16(at, words.getInt16(from, true)),
  },
  int4: { from: 4, to: 4, put: swap32 },
  float4: { from: 4, to: 4, put: swap32 },
  int8: { from: 8, to: 8, put: swap64 },
  float8: { from: 8, to: 8, put: swap64 },
  time: { from: 8, to: 8, put: swap64 },
  date: { from: 4, to: 4, put: putDate },
  timestamp: { from: 8, to: 8, put: putMicros },
  timestamptz: { from: 8, to: 8, put: putMicros },
  interval: { from: 16, to: 16, put: putInterval },
  uuid: { from: 16, to: 16, put: putUuid },
} as const satisfies Readonly<Record<string, Fixed>>;

function swap32(out: DataView, at: number, words: DataView, from: number): void {
  out.setInt32(at, words.getInt32(from, true));
}

function swap64(out: DataView, at: number, words: DataView, from: number): void {
  out.setInt32(at, words.getInt32(from + 4, true));
  out.setInt32(at + 4, words.getInt32(from, true));
}

function putDate(out: DataView, at: number, words: DataView, from: number): void {
  const days = words.getInt32(from, true);
  if (days === INT32_MAX) out.setInt32(at, INT32_MAX);
  else out.setInt32(at, days === -INT32_MAX ? INT32_MIN : days - EPOCH_DAYS);
}

const WORD = 2 ** 32;

/** Upper halves of 64 bits that leave numbers which a double holds exactly, also with the epochs' difference. */
const EXACT_HIGH = 2 ** 20;

function putMicros(out: DataView, at: number, words: DataView, from: number): void {
  const high = words.getInt32(from + 4, true);
  if (high < -EXACT_HIGH || high >= EXACT_HIGH) {
    out.setBigInt64(at, farMicros(words.getBigInt64(from, true)));
    return;
  }
  const micros = high * WORD + words.getUint32(from, true) - EPOCH_MICROS;
  const shifted = Math.floor(micros / WORD);
  out.setInt32(at, shifted);
  out.setUint32(at + 4, micros - shifted * WORD);
}

const INT64_MAX = 2n ** 63n - 1n;

function farMicros(micros: bigint): bigint {
  if (micros === INT64_MAX) return INT64_MAX;
  return micros === -INT64_MAX ? -INT64_MAX - 1n : micros - BigInt(EPOCH_MICROS);
}

/** Months, days and microseconds there; microseconds, days and months here. */
function putInterval(out: DataView, at: number, words: DataView, from: number): void {
  swap64(out, at, words, from + 8);
  swap32(out, at + 8, words, from + 4);
  swap32(out, at + 12, words, from);
}

/** The engine turns the first bit over, so that UUIDs sort as numbers. */
function putUuid(out: DataView, at: number, words: DataView, from: number): void {
  out.setInt32(at, words.getInt32(from + 12, true) ^ INT32_MIN);
  out.setInt32(at + 4, words.getInt32(from + 8, true));
  swap64(out, at + 8, words, from);
}

function fixedWriter({ from: size, to, put }: Fixed): CellWriter {
  let words: DataView = new DataView(new ArrayBuffer(0));
  let valid: Uint32Array | undefined;
  return {
    load(vector, rows) {
      words = wordsOf(vector);
      valid = validityOf(vector);
      return rows * (LENGTH_BYTES + to);
    },
    write({ view }, at, row) {
      if (isNull(valid, row)) return writeNull(view, at);
      view.setInt32(at, to);
      put(view, at + LENGTH_BYTES, words, row * size);
      return at + LENGTH_BYTES + to;
    },
  };
}

const isNull = (valid: Uint32Array | undefined, row: number): boolean =>
  valid !== undefined && (((valid[row >> 5] as number) >>> (row & 31)) & 1) === 0;

function writeNull(view: DataView, at: number): number {
  view.setInt32(at, -1);
  return at + LENGTH_BYTES;
}

/** Strings of the engine: their length in the first four of sixteen bytes, and short ones themselves in the others. */
const STRING_BYTES = 16;
const SHORT_BYTES = 12;

/** Bytes, and text that comes as its bytes; `version`: how many bytes of value 1 stand before it. */
function bytesWriter(version: number): CellWriter {
  let blobs: DuckDBBlobVector | undefined;
  let words: DataView = new DataView(new ArrayBuffer(0));
  let memory: Uint8Array = new Uint8Array(0);
  let valid: Uint32Array | undefined;
  return {
    load(vector, rows) {
      blobs = vector as DuckDBBlobVector;
      words = wordsOf(vector);
      memory = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      valid = validityOf(vector);
      return stringBytes(words, valid, rows) + rows * version;
    },
    write({ view, bytes }, at, row) {
      if (isNull(valid, row)) return writeNull(view, at);
      const from = row * STRING_BYTES;
      const length = words.getUint32(from, true);
      view.setInt32(at, length + version);
      if (version > 0) view.setUint8(at + LENGTH_BYTES, 1);
      const to = at + LENGTH_BYTES + version;
      if (length <= SHORT_BYTES) {
        for (let i = 0; i < length; i += 1) bytes[to + i] = memory[from + 4 + i] as number;
      } else bytes.set(blobs?.getItemBytes(row) as Uint8Array, to);
      return to + length;
    },
  };
}

function stringBytes(words: DataView, valid: Uint32Array | undefined, rows: number): number {
  let total = rows * LENGTH_BYTES;
  for (let row = 0; row < rows; row += 1) {
    if (!isNull(valid, row)) total += words.getUint32(row * STRING_BYTES, true);
  }
  return total;
}

/** Text that comes as text: elements of lists. */
function textWriter(): CellWriter {
  let texts: DuckDBVector | undefined;
  return {
    load(vector, rows) {
      texts = vector;
      return stringBytes(wordsOf(vector), validityOf(vector), rows);
    },
    write({ view, bytes }, at, row) {
      const text = texts?.getItem(row) as string | null;
      if (text === null) return writeNull(view, at);
      const length = bytes.write(text, at + LENGTH_BYTES, 'utf8');
      view.setInt32(at, length);
      return at + LENGTH_BYTES + length;
    },
  };
}

/** Digits that a double holds exactly, also times 1000. */
const EXACT_DIGITS = 12;

function numericWriter({ precision = 0, scale = 0 }: WireType): CellWriter {
  const read = integerReader(precision);
  let words: DataView = new DataView(new ArrayBuffer(0));
  let valid: Uint32Array | undefined;
  return {
    load(vector, rows) {
      words = wordsOf(vector);
      valid = validityOf(vector);
      return rows * (LENGTH_BYTES + MOST_NUMERIC_BYTES);
    },
    write({ view }, at, row) {
      if (isNull(valid, row)) return writeNull(view, at);
      const length = writeNumeric(view, at + LENGTH_BYTES, read(words, row), scale);
      view.setInt32(at, length);
      return at + LENGTH_BYTES + length;
    },
  };
}

/** Decimals are integers of 2, 4, 8 or 16 bytes, by how many digits they have. */
function integerReader(precision: number): (words: DataView, row: number) => number | bigint {
  if (precision <= 4) return (words, row) => words.getInt16(row * 2, true);
  if (precision <= 9) return (words, row) => words.getInt32(row * 4, true);
  if (precision <= EXACT_DIGITS) {
    return (words, row) =>
      words.getInt32(row * 8 + 4, true) * WORD + words.getUint32(row * 8, true);
  }
  if (precision <= 18) return (words, row) => words.getBigInt64(row * 8, true);
  return (words, row) =>
    (words.getBigInt64(row * 16 + 8, true) << 64n) | words.getBigUint64(row * 16, true);
}

/** Dimensions, whether there are NULLs, type of the elements; then of the one dimension its length and first index. */
const LIST_HEAD_BYTES = 12;
const DIMENSION_BYTES = 8;

function listWriter({ isList: _, ...type }: WireType): CellWriter {
  const element = type.kind === 'text' ? textWriter() : cellWriter(type);
  let lists: DuckDBListVector | undefined;
  let valid: Uint32Array | undefined;
  return {
    load(vector, rows) {
      lists = vector as DuckDBListVector;
      valid = validityOf(vector);
      const { childVector } = lists;
      return (
        rows * (LENGTH_BYTES + LIST_HEAD_BYTES + DIMENSION_BYTES) +
        element.load(childVector, childVector.itemCount)
      );
    },
    write(page, at, row) {
      const { view } = page;
      if (!lists || isNull(valid, row)) return writeNull(view, at);
      const [first, count] = [lists.getEntryOffset(row), lists.getEntryLength(row)];
      let to = at + LENGTH_BYTES;
      view.setInt32(to, count > 0 ? 1 : 0);
      view.setInt32(to + 4, 1);
      view.setInt32(to + 8, WIRE_OIDS[type.kind]);
      to += LIST_HEAD_BYTES;
      if (count > 0) {
        view.setInt32(to, count);
        view.setInt32(to + 4, 1);
        to += DIMENSION_BYTES;
      }
      for (let i = 0; i < count; i += 1) to = element.write(page, to, first + i);
      view.setInt32(at, to - at - LENGTH_BYTES);
      return to;
    },
  };
}
