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
const FORMATS = ['+s', 'g', 'f', 'i', 'C'] as const;
type Format = (typeof FORMATS)[number];

/**
 * Describes columns where they are, so that LightGBM reads them without a copy. The result holds addresses: it and the columns must
 * be kept while it is used. `release`: the address of a function to be called when the reader is done with the schema.
 */
export function arrowTable(
  columns: readonly NumberColumn[],
  addressOf: (memory: NumberColumn | BigUint64Array) => bigint,
  release: bigint,
): ArrowTable {
  const at = layout(columns.length);
  const words = new BigUint64Array(at.end);
  const base = addressOf(words);
  const address = (word: number): bigint => base + 8n * BigInt(word);
  const set = (word: number, value: bigint | number) => {
    words[word] = BigInt(value);
  };
  const bytes = new Uint8Array(words.buffer);
  for (const [i, format] of FORMATS.entries()) bytes.set(Buffer.from(format), 8 * i);

  // Number 0 is the table, the columns come behind it.
  const describe = (index: number, format: Format, children: number, buffers: number) => {
    const schema = at.schemas + SCHEMA.size * index;
    set(schema + SCHEMA.format, address(at.formats + FORMATS.indexOf(format)));
    set(schema + SCHEMA.childCount, children);
    set(schema + SCHEMA.children, address(at.schemaChildren));
    set(schema + SCHEMA.release, release);
    const array = at.arrays + ARRAY.size * index;
    set(array + ARRAY.length, columns[0]?.length ?? 0);
    set(array + ARRAY.bufferCount, buffers);
    set(array + ARRAY.buffers, address(at.buffers + 2 * index));
    set(array + ARRAY.childCount, children);
    set(array + ARRAY.children, address(at.arrayChildren));
  };
  describe(0, '+s', columns.length, 1);
  for (const [i, column] of columns.entries()) {
    describe(i + 1, formatOf(column), 0, 2);
    // The first buffer, left at 0, would tell which values are NULL: NaN is missing already.
    set(at.buffers + 2 * (i + 1) + 1, addressOf(column));
    set(at.schemaChildren + i, address(at.schemas + SCHEMA.size * (i + 1)));
    set(at.arrayChildren + i, address(at.arrays + ARRAY.size * (i + 1)));
  }
  return { words, arrayAddress: address(at.arrays), schemaAddress: address(at.schemas) };
}

/** In which word each part of a table of so many columns begins. */
function layout(columns: number) {
  const formats = 0;
  const schemas = formats + FORMATS.length;
  const schemaChildren = schemas + SCHEMA.size * (columns + 1);
  const arrays = schemaChildren + columns;
  const arrayChildren = arrays + ARRAY.size * (columns + 1);
  const buffers = arrayChildren + columns;
  return {
    formats,
    schemas,
    schemaChildren,
    arrays,
    arrayChildren,
    buffers,
    end: buffers + 2 * (columns + 1),
  };
}

function formatOf(column: NumberColumn): Format {
  if (column instanceof Float64Array) return 'g';
  if (column instanceof Float32Array) return 'f';
  return column instanceof Int32Array ? 'i' : 'C';
}
