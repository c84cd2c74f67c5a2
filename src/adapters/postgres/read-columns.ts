import type Cursor from 'pg-cursor';
import type { Columns, ColumnValues } from '../../core/columns.ts';
import type { ReadOptions } from '../adapter.ts';
import { statementError } from './errors.ts';
import { jsonValue } from './json-value.ts';
import type { Session } from './session.ts';
import { typeOf } from './types.ts';

export type CursorDriver = typeof Cursor;

/** Rows that are asked for at a time. */
export const ROWS_AT_ONCE = 5000;

/** Collects one column, of which the server says the type. */
interface Gather {
  add(text: string | null): void;
  values(): ColumnValues;
}

/** Collects rows as the server sent them. */
export interface RowGather {
  add(row: readonly (string | null)[]): void;
  columns(): Columns;
}

/** For rows of these columns. */
export function gatherRows(
  fields: readonly { readonly name: string; readonly dataTypeID: number }[],
  { shared = false }: ReadOptions,
): RowGather {
  const gathers = fields.map(({ dataTypeID }) => gatherOf(dataTypeID, shared));
  return {
    add(row) {
      for (let i = 0; i < gathers.length; i += 1) gathers[i]?.add(row[i] ?? null);
    },
    columns: () =>
      Object.fromEntries(gathers.map((gather, i) => [fields[i]?.name ?? '', gather.values()])),
  };
}

/**
 * Copies a result out of the engine, as core/columns.ts says; rows come in portions, so that the texts of all of them
 * are never held at once. DECIMAL becomes Float64Array; lists arrays of JSON values.
 * @throws DatabaseError
 */
export async function readColumns(
  session: Session,
  Driver: CursorDriver,
  sql: string,
  options: ReadOptions = {},
): Promise<Columns> {
  const cursor = session.client.query(new Driver<(string | null)[]>(sql, [], { rowMode: 'array' }));
  try {
    let gathered: RowGather | undefined;
    for (;;) {
      const { rows, fields } = await nextRows(cursor);
      gathered ??= gatherRows(fields, options);
      for (const row of rows) gathered.add(row);
      if (rows.length < ROWS_AT_ONCE) break;
    }
    return gathered.columns();
  } catch (error) {
    const meant = statementError(error, sql);
    if (meant.code === 'connection-lost') session.isBroken = true;
    throw meant;
  } finally {
    await cursor.close().catch(() => undefined);
  }
}

interface Portion {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** The promise form of `read` leaves the fields out. */
const nextRows = (cursor: Cursor<(string | null)[]>): Promise<Portion> =>
  new Promise((done, failed) => {
    cursor.read(ROWS_AT_ONCE, (error: Error | undefined, rows, result) => {
      if (error) failed(error);
      else done({ rows, fields: result.fields });
    });
  });

function gatherOf(oid: number, shared: boolean): Gather {
  const { name } = typeOf(oid);
  return (GATHERS[name] ?? (() => gatherValues(oid)))(shared);
}

const GATHERS: Readonly<Record<string, (shared: boolean) => Gather>> = {
  real: gatherFloats,
  'double precision': gatherFloats,
  numeric: gatherFloats,
  oid: gatherFloats,
  smallint: () => gatherInts(Number),
  integer: () => gatherInts(Number),
  date: () => gatherInts(daysOf),
  bigint: () => gatherBigInts(BigInt),
  'timestamp without time zone': () => gatherBigInts(microsOf),
  'timestamp with time zone': () => gatherBigInts(microsOf),
  boolean: gatherBooleans,
};

const FIRST_LENGTH = 1024;

/** An array of doubles that doubles its length: twenty million numbers one by one would take three times the memory. */
function gatherFloats(shared: boolean): Gather {
  let out = new Float64Array(FIRST_LENGTH);
  let length = 0;
  return {
    add(text) {
      if (length === out.length) {
        const longer = new Float64Array(2 * length);
        longer.set(out);
        out = longer;
      }
      out[length] = text === null ? Number.NaN : Number(text);
      length += 1;
    },
    values() {
      if (!shared) return out.slice(0, length);
      const memory = new Float64Array(new SharedArrayBuffer(8 * length));
      memory.set(out.subarray(0, length));
      return memory;
    },
  };
}

function gatherInts(convert: (text: string) => number): Gather {
  const out: (number | null)[] = [];
  return {
    add: (text) => void out.push(text === null ? null : convert(text)),
    values: () => (out.includes(null) ? out : Int32Array.from(out as number[])),
  };
}

function gatherBigInts(convert: (text: string) => bigint): Gather {
  const out: (bigint | null)[] = [];
  return {
    add: (text) => void out.push(text === null ? null : convert(text)),
    values: () => (out.includes(null) ? out : BigInt64Array.from(out as bigint[])),
  };
}

function gatherBooleans(): Gather {
  const out: (0 | 1 | null)[] = [];
  return {
    add: (text) => void out.push(text === null ? null : text === 't' ? 1 : 0),
    values: () => (out.includes(null) ? out : Uint8Array.from(out as number[])),
  };
}

function gatherValues(oid: number): Gather {
  const out: (string | null)[] = [];
  return {
    add: (text) => void out.push(jsonValue(text, oid) as string | null),
    values: () => out,
  };
}

const DAY_MS = 86_400_000;
const MOMENT = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(?:[+-]\d\d)?( BC)?$/;

/** Milliseconds of the whole seconds, and the microseconds left over. */
function partsOf(text: string): readonly [ms: number, micros: number] | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', era] = match;
  const ms = new Date(0).setUTCFullYear(
    era ? 1 - Number(year) : Number(year),
    Number(month) - 1,
    Number(day),
  );
  const clock = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0);
  return [ms + clock * 1000, Number(fraction.padEnd(6, '0'))];
}

const INT32_MAX = 2 ** 31 - 1;

/** Days since 1970; infinity is the largest number there is. */
function daysOf(text: string): number {
  const parts = partsOf(text);
  if (parts) return parts[0] / DAY_MS;
  return text.startsWith('-') ? -INT32_MAX : INT32_MAX;
}

const INT64_MAX = 2n ** 63n - 1n;

/** Microseconds since 1970; the session's zone is UTC. */
function microsOf(text: string): bigint {
  const parts = partsOf(text);
  if (parts) return BigInt(parts[0]) * 1000n + BigInt(parts[1]);
  return text.startsWith('-') ? -INT64_MAX : INT64_MAX;
}
