import type { DuckDBMaterializedResult, DuckDBVector } from '@duckdb/node-api';
import type { Columns, ColumnValues } from '../../core/columns.ts';
import type { ReadOptions } from '../adapter.ts';
import type { Driver } from './connection.ts';

/** Copies one column out, vector by vector: `items` is the engine's memory and gone with its chunk. */
interface Gather {
  add(vector: DuckDBVector, rows: number, at: number): void;
  values(): ColumnValues;
}

interface Making {
  readonly rowCount: number;
  readonly driver: Driver;
  /** Memory for so many doubles. */
  doubles(count: number): Float64Array;
}

type MakeGather = (making: Making) => Gather;

/** What vectors of fixed width have besides DuckDBVector's face. Validity holds one bit a row, set for "not NULL". */
interface RawVector<Items> {
  readonly items: Items;
  readonly dataView: DataView;
  readonly validity: { readonly data: BigUint64Array | null };
}

/** By DuckDB's name of the type; `gatherValues` takes the rest. */
const GATHERS: Readonly<Record<string, MakeGather>> = {
  DOUBLE: gatherFloats,
  FLOAT: gatherFloats,
  UINTEGER: gatherFloats,
  DECIMAL: gatherNumbers,
  HUGEINT: gatherNumbers,
  UHUGEINT: gatherNumbers,
  UBIGINT: gatherNumbers,
  INTEGER: gatherInts,
  SMALLINT: gatherInts,
  TINYINT: gatherInts,
  USMALLINT: gatherInts,
  UTINYINT: gatherInts,
  DATE: gatherInts,
  BIGINT: gatherBigInts,
  TIMESTAMP: gatherBigInts,
  'TIMESTAMP WITH TIME ZONE': gatherBigInts,
  BOOLEAN: gatherBooleans,
};

/**
 * Copies a result out of the engine, as core/columns.ts says. Wider and unsigned integers and DECIMAL become
 * Float64Array; other types (lists, structs, times…) arrays of JSON values.
 * Reads a materialized result: a stream that is interrupted never ends, and one left open keeps the file locked.
 */
export async function readColumns(
  driver: Driver,
  result: DuckDBMaterializedResult,
  { shared = false }: ReadOptions = {},
): Promise<Columns> {
  const names = result.deduplicatedColumnNames();
  const doubles = (count: number) =>
    new Float64Array(shared ? new SharedArrayBuffer(8 * count) : new ArrayBuffer(8 * count));
  const making = { rowCount: result.rowCount, driver, doubles };
  const gathers = result.columnTypes().map((type) => {
    const [name = ''] = String(type).split('(');
    return (GATHERS[name] ?? gatherValues)(making);
  });
  for (let at = 0; ; ) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (const [k, gather] of gathers.entries()) {
      gather.add(chunk.getColumnVector(k), chunk.rowCount, at);
    }
    at += chunk.rowCount;
  }
  return Object.fromEntries(gathers.map((gather, k) => [names[k], gather.values()]));
}

function gatherFloats({ rowCount, doubles }: Making): Gather {
  const out = doubles(rowCount);
  return {
    add(vector, rows, at) {
      out.set(raw<Float64Array>(vector).items, at);
      eachNull(vector, rows, (row) => {
        out[at + row] = Number.NaN;
      });
    },
    values: () => out,
  };
}

function gatherNumbers({ rowCount, driver, doubles }: Making): Gather {
  const out = doubles(rowCount);
  return {
    add(vector, rows, at) {
      for (let row = 0; row < rows; row += 1) {
        const value = vector.getItem(row);
        if (value === null) out[at + row] = Number.NaN;
        else if (value instanceof driver.DuckDBDecimalValue) out[at + row] = value.toDouble();
        else out[at + row] = Number(value);
      }
    },
    values: () => out,
  };
}

function gatherInts({ rowCount }: Making): Gather {
  const out = new Int32Array(rowCount);
  const nulls: number[] = [];
  return {
    add(vector, rows, at) {
      out.set(raw<Int32Array>(vector).items, at);
      eachNull(vector, rows, (row) => nulls.push(at + row));
    },
    values: () => withNulls<number>(out, nulls),
  };
}

function gatherBigInts({ rowCount }: Making): Gather {
  const out = new BigInt64Array(rowCount);
  const nulls: number[] = [];
  return {
    add(vector, rows, at) {
      out.set(raw<BigInt64Array>(vector).items, at);
      eachNull(vector, rows, (row) => nulls.push(at + row));
    },
    values: () => withNulls<bigint>(out, nulls),
  };
}

function gatherBooleans({ rowCount }: Making): Gather {
  const out = new Uint8Array(rowCount);
  const nulls: number[] = [];
  return {
    add(vector, rows, at) {
      const { buffer, byteOffset } = raw(vector).dataView;
      out.set(new Uint8Array(buffer, byteOffset, rows), at);
      eachNull(vector, rows, (row) => nulls.push(at + row));
    },
    values: () => withNulls<number>(out, nulls),
  };
}

function gatherValues({ rowCount, driver }: Making): Gather {
  const out: (string | null)[] = new Array(rowCount);
  const json = driver.JsonDuckDBValueConverter;
  return {
    add(vector, rows, at) {
      const { type } = vector;
      for (let row = 0; row < rows; row += 1) {
        out[at + row] = json(vector.getItem(row), type, json) as string | null;
      }
    },
    values: () => out,
  };
}

function raw<Items>(vector: DuckDBVector): RawVector<Items> {
  return vector as unknown as RawVector<Items>;
}

function withNulls<Value extends number | bigint>(
  values: ColumnValues & Iterable<Value>,
  nulls: readonly number[],
): ColumnValues {
  if (nulls.length === 0) return values;
  const out: (Value | null)[] = [...values];
  for (const row of nulls) out[row] = null;
  return out;
}

const WORD = 32;

/** Read 32 bits at a time: asking the vector row by row goes through BigInt and takes three times as long. */
function eachNull(vector: DuckDBVector, rows: number, use: (row: number) => void): void {
  const { data } = raw(vector).validity;
  if (!data) return;
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  for (let k = 0; k * WORD < rows; k += 1) {
    let unset = ~(words[k] ?? 0) >>> 0;
    while (unset !== 0) {
      const row = k * WORD + WORD - 1 - Math.clz32(unset & -unset);
      if (row < rows) use(row);
      unset &= unset - 1;
    }
  }
}
