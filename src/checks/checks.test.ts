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
