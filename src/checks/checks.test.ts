import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Warehouse } from '../adapters/adapter.ts';
import { duckdb } from '../adapters/duckdb/duckdb.ts';
import { checks } from './index.ts';

const { dialect } = duckdb;

/** Names that break SQL which does not quote them. */
const COLUMNS = ['n', 'order', 'we"ird -- name', "it's", 'ünïcode 🐎'] as const;

let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await duckdb.open(
    duckdb.parseSettings({ type: 'duckdb', path: ':memory:', threads: 1 }),
  );
});

afterAll(async () => warehouse[Symbol.asyncDispose]());

/** The number of rows a check finds in a table of one column of these SQL values. */
async function failures(
  name: string,
  args: Readonly<Record<string, unknown>>,
  values: readonly string[],
  column: string = 'n',
): Promise<number> {
  const quoted = dialect.quote(column);
  const rows = values.map((value) => `(${value})`).join(', ');
  const relation = `(select * from (values ${rows}) as made(${quoted}))`;
  return countOf(name, args, relation, quoted);
}

async function countOf(
  name: string,
  args: Readonly<Record<string, unknown>>,
  relation: string,
  column: string,
): Promise<number> {
  const found = checks.get(name).failingRows({ dialect, relation, column, args });
  if ('experiment' in found) throw new Error(`${name} has no SQL`);
  const query =
    'query' in found ? found.query : `select * from ${relation} as tested where ${found.condition}`;
  const rows = await warehouse.use((connection) => connection.query(query));
  return rows.length;
}

test.each<[string, Record<string, unknown>, string[], number]>([
  ['not_null', {}, ['1', 'null', 'null'], 2],
  ['not_null', {}, ['1', '2'], 0],
  ['unique', {}, ['1', '2', '2', '2', '3', '3'], 2],
  ['unique', {}, ['null', 'null', '1'], 0],
  ['unique', {}, ["'a'", "'A'", "'a '"], 0],
  ['accepted_values', { values: ['a', "b'c"] }, ["'a'", "'b''c'", "'d'", 'null'], 1],
  ['accepted_values', { values: [1, 2.5] }, ['1', '2.5', '3', 'null'], 1],
  ['accepted_values', { values: [true] }, ['true', 'false', 'null'], 1],
  ['accepted_values', { values: ['1 + 1'], quote: false }, ['2', '3'], 1],
  // Numbers of YAML beside texts in the table: dbt writes every value as a string.
  ['accepted_values', { values: [1, 2] }, ["'1'", "'x'"], 1],
  ['accepted_range', { min_value: 1, max_value: 3 }, ['0', '1', '3', '4', 'null'], 2],
  [
    'accepted_range',
    { min_value: 1, max_value: 3, inclusive: false },
    ['0', '1', '2', '3', 'null'],
    3,
  ],
  ['accepted_range', { min_value: 0 }, ['-0.001', '0'], 1],
  [
    'accepted_range',
    { max_value: "date '2024-01-31'" },
    ["date '2024-02-01'", "date '2024-01-31'"],
    1,
  ],
  ['expression_is_true', { expression: '> 1' }, ['1', '2', 'null'], 2],
  ['expression_is_true', { expression: 'between 1 and 2 or 1 = 1' }, ['9'], 0],
  ['not_constant', {}, ['1', '1', 'null'], 1],
  ['not_constant', {}, ['1', '2'], 0],
  ['not_constant', {}, ['null::int', 'null'], 0],
  ['at_least_one', {}, ['null::int', 'null'], 1],
  ['at_least_one', {}, ['null', '1'], 0],
  // Two of three have a value.
  ['not_null_proportion', { at_least: 0.67 }, ['1', '2', 'null'], 1],
  ['not_null_proportion', { at_least: 0.66 }, ['1', '2', 'null'], 0],
  ['not_null_proportion', { at_least: 0, at_most: 0.5 }, ['1', '2', 'null'], 1],
  // 3 does not follow 1, 7 does not follow 4.
  ['sequential_values', {}, ['4', '1', '3', '7', 'null'], 2],
  ['sequential_values', { interval: 2 }, ['5', '1', '3'], 0],
])('%s %j of %j finds %i', async (name, args, values, expected) => {
  for (const column of COLUMNS) {
    expect(await failures(name, args, values, column), column).toBe(expected);
  }
});

test('expression_is_true of a model looks at its rows', async () => {
  const relation = '(select * from (values (1, 2), (2, 1), (null, 1)) as made(a, b))';
  expect(await countOf('expression_is_true', { expression: 'a < b' }, relation, '')).toBe(2);
});

test('unique_combination takes NULLs as equal', async () => {
  const rows =
    "(1, 'x'), (1, 'y'), (2, null), (2, null), (null, null), (3, 'z'), (3, 'z'), (3, 'z')";
  for (const column of COLUMNS) {
    const relation = `(select * from (values ${rows}) as made(${dialect.quote(column)}, "the other"))`;
    const args = { columns: [column, 'the other'] };
    expect(await countOf('unique_combination', args, relation, ''), column).toBe(2);
  }
});

const values = (rows: string, ...columns: readonly string[]) =>
  `(select * from (values ${rows}) as made(${columns.map(dialect.quote).join(', ')}))`;

test.each<[string, Record<string, unknown>, string, number]>([
  ['row_count', { min: 3 }, '(1, 1), (2, 2)', 1],
  ['row_count', { min: 2, max: 2 }, '(1, 1), (2, 2)', 0],
  ['row_count', { max: 1 }, '(1, 1), (2, 2)', 1],
  ['equal_rowcount', { compare_model: values('(1), (2)', 'x') }, '(1, 1), (2, 2)', 0],
  ['equal_rowcount', { compare_model: values('(1)', 'x') }, '(1, 1), (2, 2)', 1],
  // The row that occurs twice here occurs once there; 3 is only there.
  ['equality', { compare_model: values('(1, 1), (3, 3)', 'a', 'b') }, '(1, 1), (1, 1)', 2],
  ['equality', { compare_model: values('(1, 9)', 'a', 'b'), compare_columns: ['a'] }, '(1, 1)', 0],
  ['equality', { compare_model: values('(null, 2)', 'a', 'b') }, '(null, 2)', 0],
  [
    'mutually_exclusive_ranges',
    { lower_bound_column: 'a', upper_bound_column: 'b' },
    '(1, 3), (3, 5), (7, 8)',
    0,
  ],
  [
    'mutually_exclusive_ranges',
    { lower_bound_column: 'a', upper_bound_column: 'b' },
    '(1, 4), (3, 5), (5, 5), (9, null)',
    3,
  ],
  [
    'mutually_exclusive_ranges',
    { lower_bound_column: 'a', upper_bound_column: 'b', gaps: 'not_allowed' },
    '(1, 3), (3, 5), (7, 8)',
    1,
  ],
  [
    'mutually_exclusive_ranges',
    { lower_bound_column: 'a', upper_bound_column: 'b', gaps: 'required' },
    '(1, 3), (3, 5), (7, 8)',
    1,
  ],
  [
    'mutually_exclusive_ranges',
    {
      lower_bound_column: 'a',
      upper_bound_column: 'b',
      partition_by: 'b',
      zero_length_range_allowed: true,
    },
    '(4, 5), (1, 5), (6, 6)',
    1,
  ],
])('%s %j of %s finds %i', async (name, args, rows, expected) => {
  expect(await countOf(name, args, values(rows, 'a', 'b'), '')).toBe(expected);
});

test.each<[string, Record<string, unknown>, string, number]>([
  // 1 occurs twice here and once there; NULL once here; 4 only there.
  ['cardinality_equality', { field: 'x' }, '(1), (4)', 3],
  ['cardinality_equality', { field: 'x' }, '(1), (null), (1)', 0],
  ['relationships_where', { field: 'x' }, '(1)', 0],
  ['relationships_where', { field: 'x', to_condition: 'x > 1' }, '(1)', 2],
  ['relationships_where', { field: 'x', from_condition: 'n > 1' }, '(7)', 0],
])('%s %j to %s finds %i', async (name, args, there, expected) => {
  const here = values('(1), (1), (null)', 'n');
  const to = values(there, 'x');
  expect(await countOf(name, { ...args, to }, here, dialect.quote('n'))).toBe(expected);
});

const minutesAgo = (minutes: number) => `(now()::timestamp - interval '${minutes} minutes')`;

test.each<[string, Record<string, unknown>, readonly string[], number]>([
  ['recency', { datepart: 'hour', interval: 1 }, [minutesAgo(50), minutesAgo(500)], 0],
  ['recency', { datepart: 'hour', interval: 1 }, [minutesAgo(70)], 1],
  ['recency', { datepart: 'minute', interval: 80 }, [minutesAgo(70)], 0],
  ['recency', { datepart: 'quarter', interval: 1 }, [minutesAgo(60 * 24 * 88)], 0],
  ['recency', { datepart: 'quarter', interval: 1 }, [minutesAgo(60 * 24 * 93)], 1],
  ['recency', { datepart: 'day', interval: 1, ignore_time_component: true }, [minutesAgo(1440)], 0],
  ['recency', { datepart: 'day', interval: 1 }, ['null::timestamp'], 1],
])('%s %j of %j finds %i', async (name, args, times, expected) => {
  const rows = times.map((time) => `(${time}, 'a')`).join(', ');
  const relation = values(rows, 'at', 'order');
  expect(await countOf(name, { ...args, field: 'at' }, relation, '')).toBe(expected);
});

test('recency of groups finds each that is too old', async () => {
  const rows = `(${minutesAgo(1)}, 'a'), (${minutesAgo(99)}, 'a'), (${minutesAgo(99)}, 'b'), (null, 'c')`;
  const args = { field: 'at', datepart: 'hour', interval: 1, group_by_columns: ['order'] };
  expect(await countOf('recency', args, values(rows, 'at', 'order'), '')).toBe(2);
});

/** Rows of a check, with all of their numbers. */
async function found(name: string, args: Record<string, unknown>, relation: string, column = '') {
  const failing = checks.get(name).failingRows({ dialect, relation, column, args });
  const query = 'query' in failing ? failing.query : '';
  return warehouse.use((connection) => connection.query(query));
}

/** `[day, value, times]`: so many rows of a value on a day of January. */
const daily = (...counts: readonly (readonly [day: number, value: string, times: number])[]) =>
  values(
    counts
      .flatMap(([day, value, times]) =>
        Array.from({ length: times }, () => `(date '2024-01-01' + ${day - 1}, ${value})`),
      )
      .join(', '),
    'day',
    'n',
  );

test("chi_squared tells Pearson's statistic and Cramér's V", async () => {
  // [[10, 20], [20, 10]]: all expected are 15, χ² = 4·25/15 = 20/3, V = √(χ²/60) = 1/3.
  const relation = daily([1, "'a'", 10], [1, "'b'", 20], [2, "'a'", 20], [2, "'b'", 10]);
  const args = { date_column: 'day', recent_days: 1, min_rows: 30 };
  const [row] = await found('chi_squared', args, relation, 'n');
  expect(row?.['chi_squared']).toBeCloseTo(20 / 3, 12);
  expect(row?.['degrees_of_freedom']).toBe('1');
  expect(row?.['cramers_v']).toBeCloseTo(1 / 3, 12);
  expect(await found('chi_squared', { ...args, max_cramers_v: 0.34 }, relation, 'n')).toEqual([]);
  expect(await found('chi_squared', { ...args, min_rows: 31 }, relation, 'n')).toEqual([]);
  // What does not occur in both is as far apart as can be; NULL is a value.
  const apart = daily([1, 'null', 30], [2, "'a'", 30]);
  const [other] = await found('chi_squared', args, apart, 'n');
  expect(other?.['cramers_v']).toBeCloseTo(1, 12);
});

test('correlation takes values or ranks', async () => {
  // By hand, around the means 3 and 4.2: Σdxdy = 20, Σdx² = 10, Σdy² = 50.8; the ranks agree but for one swap.
  const relation = values(
    '(1, 1), (2, 3), (3, 2), (4, 5), (5, 10), (null, 9), (9, null)',
    'n',
    'm',
  );
  const low = { with_column: 'm', max_value: -1 };
  const [pearson] = await found('correlation', low, relation, dialect.quote('n'));
  expect(pearson?.['coefficient']).toBeCloseTo(20 / Math.sqrt(10 * 50.8), 12);
  expect(pearson?.['n']).toBe('5');
  const ranks = { ...low, method: 'spearman' };
  const [spearman] = await found('correlation', ranks, relation, dialect.quote('n'));
  // 1 − 6·Σd²/(n(n² − 1)) with d = 0, 1, 1, 0, 0.
  expect(spearman?.['coefficient']).toBeCloseTo(1 - (6 * 2) / (5 * 24), 12);
  const between = { with_column: 'm', min_value: 0.8, max_value: 0.95 };
  expect(await found('correlation', between, relation, dialect.quote('n'))).toEqual([]);
  const constant = values('(1, 1), (1, 2)', 'n', 'm');
  expect(await found('correlation', low, constant, dialect.quote('n'))).toEqual([]);
  const tied = values('(1, 1), (1, 2), (2, 3)', 'n', 'm');
  const [ties] = await found('correlation', ranks, tied, dialect.quote('n'));
  // Ranks 1.5, 1.5, 3 and 1, 2, 3: 1.5 / √(1.5 · 2).
  expect(ties?.['coefficient']).toBeCloseTo(1.5 / Math.sqrt(3), 12);
});

test('count_anomaly finds days with unusual numbers of rows', async () => {
  const usual = [9, 11, 10, 10, 9, 11, 10].map((times, i) => [i + 1, '1', times] as const);
  const args = { date_column: 'day' };
  // Mean 10 and no deviation above √10: what lies beyond 10 ± 3·3.16 is unusual.
  for (const [times, expected] of [
    [19, 0],
    [20, 1],
    [1, 0],
  ] as const) {
    const days = daily(...usual, [8, '1', times]);
    expect(await countOf('count_anomaly', args, days, ''), String(times)).toBe(expected);
  }
  const [row] = await found('count_anomaly', args, daily(...usual, [9, '1', 30]));
  expect([row?.['row_count'], row?.['usual_count']]).toEqual([30, 10]);
  const twoDays = daily(...usual, [8, '1', 30], [9, '1', 10]);
  expect(await countOf('count_anomaly', args, twoDays, '')).toBe(0);
  expect(await countOf('count_anomaly', { ...args, periods: 2 }, twoDays, '')).toBe(1);
  const short = daily(...usual.slice(1), [8, '1', 30]);
  expect(await countOf('count_anomaly', args, short, '')).toBe(0);
});

test('relationships finds each row without a parent; NULLs on either side are no match and no failure', async () => {
  for (const column of COLUMNS) {
    const quoted = dialect.quote(column);
    const args = { to: `(values (1), (2), (null)) as p(${quoted})`, field: column };
    const to = `(select * from ${args.to})`;
    const relation = `(select * from (values (1), (2), (3), (3), (null)) as made(${quoted}))`;
    expect(await countOf('relationships', { to, field: column }, relation, quoted), column).toBe(2);
  }
});

describe('arguments', () => {
  test.each<[string, Record<string, unknown>]>([
    ['not_null', { column: 'n' }],
    ['accepted_values', { values: [] }],
    ['accepted_values', { value: [1] }],
    ['accepted_range', {}],
    ['accepted_range', { min_value: 1, inclusiv: true }],
    ['relationships', { to: 'x' }],
    ['unique_combination', { columns: [] }],
    ['expression_is_true', { expression: 1 }],
    ['recency', { field: 'at', datepart: 'fortnight', interval: 1 }],
    ['correlation', { with_column: 'm' }],
    ['no_label_leak', { label: 'won' }],
    ['no_label_leak', { label: 'won', group: 'race_id', confidence: 1 }],
    ['no_label_leak', { label: 'won', group: 'race_id', days: 0 }],
  ])('%s refuses %j', (name, args) => {
    expect(checks.get(name).args.safeParse(args).success).toBe(false);
  });
});

test.each<[string, Record<string, unknown>, string | undefined, boolean]>([
  ['not_null', {}, 'n', true],
  ['unique', {}, 'n', false],
  ['unique', {}, 'day', true],
  ['unique_combination', { columns: ['n', 'day'] }, undefined, true],
  ['unique_combination', { columns: ['n'] }, undefined, false],
  ['relationships', { to: 'x', field: 'y' }, 'n', true],
  ['accepted_range', { min_value: 0 }, 'n', true],
])(
  '%s %j of %s: the dates of an as_of table can be judged alone: %s',
  (name, args, column, expected) => {
    expect(checks.get(name).isSeparable(args, column, 'day')).toBe(expected);
  },
);
