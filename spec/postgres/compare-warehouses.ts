import type { Warehouse } from '../../src/adapters/adapter.ts';
import type { ResultColumn, ResultTable } from '../../src/core/result-table.ts';

/** What a comparison of two warehouses came to. */
export interface Compared {
  readonly models: number;
  /** Rows that are the same in both. */
  readonly rows: number;
  /** One line for each table that is not the same, with an example. */
  readonly differences: readonly string[];
}

/** Relative to the larger of two doubles, or to one where both are smaller. */
const TOLERANCE = 1e-9;
const INEXACT: ReadonlySet<string> = new Set(['float', 'decimal']);
/** Digits by which rows are put in order that differ in doubles only. */
const ORDERING_DIGITS = 7;

type Cell = string | number | null;
interface KeyedRow {
  readonly key: string;
  readonly numbers: readonly (number | null)[];
}

/**
 * Compares all tables and views of some schemas, row by row: exact values must be equal, doubles to 1e-9. Rows meet by
 * their exact values, so no table needs a key.
 * @param leftOut columns that name the build and not the data
 */
export async function compareWarehouses(
  left: Warehouse,
  right: Warehouse,
  schemas: readonly string[],
  leftOut: ReadonlySet<string>,
): Promise<Compared> {
  const [ours, theirs] = [await namesIn(left, schemas), await namesIn(right, schemas)];
  const differences = [...symmetricDifference(ours, theirs)].map((name) => `${name}: in one only`);
  let rows = 0;
  for (const name of ours.filter((one) => theirs.includes(one))) {
    const found = await compareTables(left, right, name, leftOut);
    rows += found.equal;
    if (found.difference) differences.push(`${name}: ${found.difference}`);
  }
  return { models: ours.length, rows, differences };
}

async function namesIn(warehouse: Warehouse, schemas: readonly string[]): Promise<string[]> {
  const found = await warehouse.listRelations(schemas);
  return found.map(({ relation }) => `"${relation.schema}"."${relation.name}"`).sort();
}

const symmetricDifference = (a: readonly string[], b: readonly string[]) =>
  new Set([...a.filter((one) => !b.includes(one)), ...b.filter((one) => !a.includes(one))]);

async function compareTables(
  left: Warehouse,
  right: Warehouse,
  name: string,
  leftOut: ReadonlySet<string>,
): Promise<{ readonly equal: number; readonly difference: string | undefined }> {
  const heads = [await headOf(left, name), await headOf(right, name)] as const;
  const [ours, theirs] = heads.map((head) =>
    head
      .map((column) => column.name)
      .sort()
      .join(),
  );
  if (ours !== theirs) return { equal: 0, difference: `columns ${ours} against ${theirs}` };
  const inexact = new Set(
    heads.flatMap((head) => head.filter(({ kind }) => INEXACT.has(kind)).map((one) => one.name)),
  );
  const names = heads[0].map((column) => column.name).filter((one) => !leftOut.has(one));
  const numbers = names.filter((one) => inexact.has(one));
  const exact = names.filter((one) => !inexact.has(one));
  const query = `select ${[
    ...numbers.map((one) => `cast("${one}" as double precision) as "${one}"`),
    ...exact.map((one) => `cast("${one}" as varchar) as "${one}"`),
  ].join(', ')} from ${name}`;
  const a = keyed(await fetch(left, query), numbers.length);
  const b = keyed(await fetch(right, query), numbers.length);
  const equal = a.filter((row, i) => isSame(row, b[i])).length;
  const first = a.findIndex((row, i) => !isSame(row, b[i]));
  if (first < 0 && a.length === b.length) return { equal, difference: undefined };
  const shown = [a, b].map((rows) => JSON.stringify(rows[first < 0 ? a.length : first]));
  const counts = `${a.length} and ${b.length} rows, ${equal} equal`;
  return { equal, difference: `${counts}; ${shown.join(' against ')}` };
}

const headOf = async (warehouse: Warehouse, name: string): Promise<readonly ResultColumn[]> =>
  (await fetch(warehouse, `select * from ${name} limit 0`)).columns;

const fetch = (warehouse: Warehouse, sql: string): Promise<ResultTable> =>
  warehouse.use(async (connection) => (await connection.fetch(sql)).table);

/** Rows in an order that does not depend on the engine: by the exact values, then by the doubles' first digits. */
function keyed({ rows }: ResultTable, numbers: number): readonly KeyedRow[] {
  return rows
    .map((row): KeyedRow => {
      const cells = row as readonly Cell[];
      const values = cells.slice(0, numbers).map((one) => (one === null ? null : Number(one)));
      return { key: JSON.stringify(cells.slice(numbers)), numbers: values };
    })
    .sort((one, other) => compare(one.key, other.key) || compare(digitsOf(one), digitsOf(other)));
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const digitsOf = ({ numbers }: KeyedRow): string =>
  numbers.map((one) => one?.toPrecision(ORDERING_DIGITS) ?? '').join(' ');

function isSame(one: KeyedRow, other: KeyedRow | undefined): boolean {
  return (
    other !== undefined &&
    one.key === other.key &&
    one.numbers.every((value, i) => areClose(value, other.numbers[i] ?? null))
  );
}

function areClose(one: number | null, other: number | null): boolean {
  if (one === null || other === null || Object.is(one, other)) return one === other;
  return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));
}
