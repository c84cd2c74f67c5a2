import type { NumberColumn } from './c-api.ts';

/** A table as Arrow's C data interface describes it, in `words` of 8 bytes: where its two structures begin. */
export interface ArrowTable {
  readonly words: BigUint64Array;
  readonly arrayAddress: bigint;
  readonly schemaAddress: bigint;
}

// Sizes and places of the structures' members, in words: arrow.apache.org/docs/format/CDataInterface.html, 64 bits.
const SCHEMA = { size: 9, format: 0, childCount: 4, children: 5, release: 7 };
const ARRAY = { size: 10, length: 0, bufferCount: 3, childCount: 4, buffers: 5, children: 6 };
const FORMATS = ['+s', 'g', 'f', 'i', 'C'];

/**
 * Describes columns where they are, so that LightGBM reads them without a copy. The result holds addresses: it and the columns must
 * be kept while it is used. `release`: the address of a function to be called when the reader is done with the schema.
 */
export function arrowTable(
  columns: readonly NumberColumn[],
  addressOf: (memory: NumberColumn | BigUint64Array) => bigint,
  release: bigint,
): ArrowTable {
  const count = columns.length;
  const places = new Map<string, number>();
  let size = 0;
  const reserve = (name: string, words: number) => {
    places.set(name, size);
    size += words;
  };
  reserve('formats', FORMATS.length);
  reserve('schema', SCHEMA.size * (count + 1));
  reserve('schemaChildren', count);
  reserve('array', ARRAY.size * (count + 1));
  reserve('arrayChildren', count);
  reserve('buffers', 1 + 2 * count);

  const words = new BigUint64Array(size);
  const base = addressOf(words);
  const place = (name: string) => places.get(name) ?? 0;
  const address = (name: string, word = 0) => base + 8n * BigInt(place(name) + word);
  const set = (name: string, word: number, value: bigint | number) => {
    words[place(name) + word] = BigInt(value);
  };
  const bytes = new Uint8Array(words.buffer);
  for (const [i, format] of FORMATS.entries()) bytes.set(Buffer.from(format), 8 * i);

  const rows = columns[0]?.length ?? 0;
  const describe = (
    struct: number,
    format: number,
    children: number,
    buffers: number,
    firstBuffer: number,
  ) => {
    const schema = SCHEMA.size * struct;
    set('schema', schema + SCHEMA.format, address('formats', format));
    set('schema', schema + SCHEMA.release, release);
    set('schema', schema + SCHEMA.childCount, children);
    set('schema', schema + SCHEMA.children, address('schemaChildren'));
    const array = ARRAY.size * struct;
    set('array', array + ARRAY.length, rows);
    set('array', array + ARRAY.bufferCount, buffers);
    set('array', array + ARRAY.buffers, address('buffers', firstBuffer));
    set('array', array + ARRAY.childCount, children);
    set('array', array + ARRAY.children, address('arrayChildren'));
  };
  describe(0, 0, count, 1, 0);
  for (const [i, column] of columns.entries()) {
    // The first buffer of each tells which values are NULL: none, since NaN is missing already.
    describe(i + 1, formatOf(column), 0, 2, 1 + 2 * i);
    set('buffers', 1 + 2 * i + 1, addressOf(column));
    set('schemaChildren', i, address('schema', SCHEMA.size * (i + 1)));
    set('arrayChildren', i, address('array', ARRAY.size * (i + 1)));
  }
  return { words, arrayAddress: address('array'), schemaAddress: address('schema') };
}

function formatOf(column: NumberColumn): number {
  if (column instanceof Float64Array) return 1;
  if (column instanceof Float32Array) return 2;
  return column instanceof Int32Array ? 3 : 4;
}
