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
