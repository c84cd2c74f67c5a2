import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection, Warehouse } from '../adapters/adapter.ts';
import { duckdb } from '../adapters/duckdb/duckdb.ts';
import type { RowDifferences } from '../core/row-differences.ts';
import { areEqual } from '../core/row-differences.ts';
import { compareRows } from './compare-rows.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2024-01-01');
const relation = (name: string) => ({ schema: 'main', name });

let warehouse: Warehouse;
let placed = 0;

beforeAll(async () => {
  warehouse = await duckdb.open(
    duckdb.parseSettings({ type: 'duckdb', path: ':memory:', threads: 1 }),
  );
});
afterAll(async () => {
  await warehouse[Symbol.asyncDispose]();
});
beforeEach(() => {
  placed += 1;
});

/** Compares the rows of two SELECTs over three days; `d` is their date and `k` their key. */
async function compared(left: string, right: string, key: readonly string[] = ['k']) {
  return warehouse.use(async (connection: Connection) => {
    await connection.execute(`create or replace table lhs as ${left}`);
    await connection.execute(`create or replace table rhs as ${right}`);
    return compareRows(connection, duckdb.dialect, {
      left: relation('lhs'),
      right: relation('rhs'),
      key,
      dated: { column: 'd', grain: 'day', dates: [0, 1, 2].map((n) => FIRST + n * DAY_MS) },
      place: () => relation(`differences_${placed}`),
    });
  });
}

const rows = (values: string, columns = 'd, k, v') =>
  `select * replace (d::date as d) from (values ${values}) as t(${columns})`;

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const daysOf = ({ dates }: RowDifferences) => dates.map(({ date }) => isoDay(date));

/** One row with this value on each side. */
const oneValue = (left: string, right: string, key?: readonly string[]) =>
  compared(rows(`('2024-01-01', 1, ${left})`), rows(`('2024-01-01', 1, ${right})`), key);

describe('values that are the same', () => {
  test.each([
    ['sums in another order', '0.1::double + 0.2 + 0.3', '0.3::double + 0.2 + 0.1'],
    ['NULL', 'null::int', 'null::int'],
    ['both zeros', '0.0::double', '-0.0::double'],
    ['NaN', "'nan'::double", "-('nan'::double)"],
    ['infinity', "'infinity'::double", "'infinity'::double"],
    ['what is left of a sum of ones', '1e-17::double', '1e-17::double'],
    ['lists of sums', '[0.1::double + 0.2, null]', '[0.3::double, null]'],
    ['zeros in a list', '[0.0::double]', '[-0.0::double]'],
    ['structs', "{'a': 'x', 'b': 0.1::double + 0.2}", "{'a': 'x', 'b': 0.3::double}"],
    ['floats', '(0.1::float + 0.2::float)', '0.3::float'],
    ['whole numbers of other types', '7::int', '7::bigint'],
  ])('%s', async (_, left, right) => {
    expect(areEqual(await oneValue(left, right))).toBe(true);
    expect(areEqual(await oneValue(left, right, []))).toBe(true);
  });

  test('a sum that cancels out, beside larger ones', async () => {
    const value = (left: string) =>
      rows(`('2024-01-01', 1, 5.0::double), ('2024-01-01', 2, ${left})`);
    expect(areEqual(await compared(value('0::double'), value('3e-16::double')))).toBe(true);
  });
});

describe('values that differ', () => {
  test.each([
    ['by a millionth', '1e-7::double', '1e-7::double * (1 + 1e-6)'],
    ['by a millionth, as floats', '3::float', '3.000003::float'],
    ['by one of a billion', '1000000001::bigint', '1000000000::bigint'],
    ['NULL and zero', 'null::double', '0::double'],
    ['NaN and a number', "'nan'::double", '1::double'],
    ['infinity and a number', "'infinity'::double", '1e300::double'],
    ['both infinities', "'infinity'::double", "'-infinity'::double"],
    ['an empty list and one of NULL', '[]::double[]', '[null]::double[]'],
    ['lists in another order', '[1.5::double, 2]', '[2::double, 1.5]'],
    ['a list by a millionth', '[1::double, 2]', '[1::double, 2.000002]'],
    ['a struct', "{'a': 1, 'b': 2.0::double}", "{'a': 2, 'b': 2.0::double}"],
    ['an empty text and NULL', "''", 'null::varchar'],
  ])('%s', async (_, left, right) => {
    const found = await oneValue(left, right);
    expect(daysOf(found)).toEqual(['2024-01-01']);
    expect(found.columns).toEqual([{ name: 'v', rows: 1 }]);
    expect(areEqual(await oneValue(left, right, []))).toBe(false);
  });
});

test('rows are told by date and key, those on one side too, and NULL is a key like others', async () => {
  const left = rows(`('2024-01-01', 1, 'a'), ('2024-01-01', null, 'b'), ('2024-01-02', 1, 'c'),
    ('2024-01-03', 1, 'd'), ('2024-01-03', 2, 'e')`);
  const right = rows(`('2024-01-01', null, 'B'), ('2024-01-01', 1, 'a'), ('2024-01-02', 1, 'c'),
    ('2024-01-03', 3, 'e'), ('2024-01-03', 1, 'd')`);
  const { dates, columns, examples } = await compared(left, right);
  expect(dates.map((one) => ({ ...one, date: isoDay(one.date) }))).toEqual([
    { date: '2024-01-01', leftRows: 2, rightRows: 2, onlyLeft: 0, onlyRight: 0, changed: 1 },
    { date: '2024-01-03', leftRows: 2, rightRows: 2, onlyLeft: 1, onlyRight: 1, changed: 0 },
  ]);
  expect(columns).toEqual([{ name: 'v', rows: 1 }]);
  expect(examples.map((one) => ({ ...one, date: isoDay(one.date) }))).toEqual([
    {
      date: '2024-01-01',
      key: { k: null },
      where: 'both',
      columns: [{ name: 'v', left: 'b', right: 'B' }],
    },
    { date: '2024-01-03', key: { k: 2 }, where: 'left', columns: [] },
    { date: '2024-01-03', key: { k: 3 }, where: 'right', columns: [] },
  ]);
});

test('a date without rows on one side; rows of other dates do not count', async () => {
  const left = rows(`('2024-01-02', 1, 1), ('2024-01-05', 1, 1)`);
  const right = rows(`('2024-01-03', 1, 1), ('2024-01-06', 1, 1)`);
  const { dates } = await compared(left, right);
  expect(dates.map((one) => [isoDay(one.date), one.leftRows, one.rightRows])).toEqual([
    ['2024-01-02', 1, 0],
    ['2024-01-03', 0, 1],
  ]);
});

test('copies of a row count, with a key that does not tell them apart and without one', async () => {
  const left = rows(
    `('2024-01-01', 1, 0.1::double + 0.2), ('2024-01-01', 1, 0.3::double), ('2024-01-01', 1, 5)`,
  );
  const right = rows(
    `('2024-01-01', 1, 5.0::double), ('2024-01-01', 1, 0.3::double), ('2024-01-01', 1, 0.3)`,
  );
  const twice = rows(
    `('2024-01-01', 1, 5.0::double), ('2024-01-01', 1, 5.0), ('2024-01-01', 1, 0.3)`,
  );
  for (const key of [['k'], []]) {
    expect(areEqual(await compared(left, right, key))).toBe(true);
    const { dates } = await compared(left, twice, key);
    expect(dates).toMatchObject([{ leftRows: 3, rightRows: 3, changed: 1 }]);
  }
});

test('columns are matched by name; those that one side lacks are named', async () => {
  const left = rows(`('2024-01-01', 1, 2)`, 'd, k, a');
  const found = await compared(left, rows(`(2, 1, '2024-01-01')`, 'A, k, d'));
  expect(areEqual(found)).toBe(true);
  const { onlyLeft, onlyRight, dates } = await compared(
    left,
    rows(`('2024-01-01', 1, 2)`, 'd, k, b'),
  );
  expect([onlyLeft, onlyRight, dates]).toEqual([['a'], ['b'], []]);
});

test('examples are few, counts are whole', async () => {
  const many = (value: string) =>
    `select (date '2024-01-01' + (i % 3)::int) as d, i as k, ${value} as v from range(3000) t(i)`;
  const { dates, examples, columns } = await compared(many('i'), many('i + 1'));
  expect(dates.map(({ changed }) => changed)).toEqual([1000, 1000, 1000]);
  expect(columns).toEqual([{ name: 'v', rows: 3000 }]);
  expect(examples).toHaveLength(6);
});
