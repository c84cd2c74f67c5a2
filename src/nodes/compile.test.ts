import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DatabaseError } from '../core/errors.ts';
import { addLength } from '../core/length-of-time.ts';
import { nodeId } from '../core/node.ts';
import { modelNode } from '../graph/node-fixture.ts';
import { isVolatile } from './code-fingerprint.ts';
import { type Compiled, prependCtes } from './ctes.ts';
import { locateError } from './locate-error.ts';
import { lengthOf } from './visible-rows.ts';

const span = { file: 'models/a.sql', line: 1, column: 1 };
const historyStart = (start: number, history: string, place: typeof span): number =>
  addLength(start, lengthOf(history, place), -1);

const at = (text: string): number => Date.parse(`${text}Z`);

/** SQL whose lines are those of a file. */
const compiledOf = (sql: string, file = 'models/a.sql'): Compiled => ({
  sql,
  placeOf: (line) =>
    line >= 1 && line <= sql.split('\n').length
      ? { span: { file, line, column: 1 }, trace: [] }
      : undefined,
});

describe('history', () => {
  test.each([
    ['2024-06-15T00:00', '365 days', '2023-06-16T00:00'],
    ['2024-06-15T00:00', '1 day', '2024-06-14T00:00'],
    ['2024-06-15T00:00', '52 weeks', '2023-06-17T00:00'],
    ['2024-06-15T00:00', '36 hours', '2024-06-13T12:00'],
    ['2024-06-15T00:00', '6 months', '2023-12-15T00:00'],
    ['2024-03-31T00:00', '1 month', '2024-02-29T00:00'],
    ['2024-03-31T00:00', '13 months', '2023-02-28T00:00'],
    ['2024-06-15T00:00', '1 year', '2023-06-15T00:00'],
    ['2024-02-29T00:00', '1 year', '2023-02-28T00:00'],
    ['2024-06-15T13:00', '1 month', '2024-05-15T13:00'],
    ['2024-06-15T00:00', '0 days', '2024-06-15T00:00'],
  ])('%s less %s is %s', (start, history, expected) => {
    const found = historyStart(at(start), history, span);
    expect(new Date(found).toISOString()).toBe(new Date(at(expected)).toISOString());
  });

  test.each(['', '1', 'days', '1 fortnight', '-1 days', '1.5 days', '1 day ago'])(
    "'%s' is refused",
    (history) => {
      expect(() => historyStart(0, history, span)).toThrow(
        `history '${history}' is not a length of time`,
      );
    },
  );

  test('longer ones begin no later, and none after the start', () => {
    const units = fc.constantFrom('hour', 'day', 'week', 'month', 'year');
    const starts = fc.integer({ min: 0, max: 20_000 }).map((day) => day * 86_400_000);
    fc.assert(
      fc.property(starts, fc.nat(60), units, (start, count, unit) => {
        const shorter = historyStart(start, `${count} ${unit}s`, span);
        const longer = historyStart(start, `${count + 1} ${unit}s`, span);
        expect(longer).toBeLessThan(shorter);
        expect(shorter).toBeLessThanOrEqual(start);
      }),
    );
  });
});

describe('CTEs of ephemeral models', () => {
  const ctes = new Map([
    ['__dbt__cte__x', { ...compiledOf('select 1 -- one', 'models/x.sql'), id: nodeId('x') }],
    [
      '__dbt__cte__y',
      { ...compiledOf('select *\nfrom __dbt__cte__x', 'models/y.sql'), id: nodeId('y') },
    ],
  ]);

  // The blanks are those of dbt's compiled files (dim_customers of the reference).
  test.each([
    ['', 'select 1', 'with', ' select 1'],
    ['', 'with a as (select 1) select * from a', 'with', ', a as (select 1) select * from a'],
    ['-- with\n/* with */ ', 'WITH a as (select 1) select 1', 'WITH', ', a as (select 1) select 1'],
    ['', 'with_a', 'with', ' with_a'],
    ['', '(with a as (select 1) from a)', 'with', ' (with a as (select 1) from a)'],
    ['\n', '-- with a as\nselect 1', 'with', ' -- with a as\nselect 1'],
  ])('before %j%j', (head, body, word, end) => {
    const inserted =
      ' __dbt__cte__x as (\nselect 1 -- one\n),  __dbt__cte__y as (\nselect *\nfrom __dbt__cte__x\n)';
    const { sql } = prependCtes(compiledOf(head + body), ctes);
    expect(sql).toBe(head + word + inserted + end);
  });

  test('a recursive WITH stays recursive', () => {
    const { sql } = prependCtes(compiledOf('with recursive a as (select 1) select 1'), ctes);
    expect(sql).toMatch(/^with recursive __dbt__cte__x as \(/);
    expect(sql.match(/recursive/g)).toHaveLength(1);
  });

  test('each line is found where it was written', () => {
    for (const head of ['', 'with a as (\nselect 1)\n', '-- first\n\nwith a as (select 1)\n']) {
      const body = `${head}select 'needle'\nfrom b`;
      const whole = prependCtes(compiledOf(body), ctes);
      const lineOf = (text: string, word: string) =>
        text.slice(0, text.indexOf(word)).split('\n').length;
      expect(whole.placeOf(lineOf(whole.sql, "'needle'"))?.span).toEqual({
        ...span,
        line: lineOf(body, "'needle'"),
      });
      expect(whole.placeOf(lineOf(whole.sql, 'from __dbt'))?.span).toEqual({
        file: 'models/y.sql',
        line: 2,
        column: 1,
      });
    }
  });

  // Backtracking over them would take for ever.
  test('a head may have many comments', () => {
    const sql = `${'/* licence */\n'.repeat(40)}select 1`;
    expect(prependCtes(compiledOf(sql), ctes).sql).toContain('select 1');
  });
});

describe('the place of a database error', () => {
  const node = modelNode('a');
  const compiled = compiledOf('select 1,\n  nope\nfrom b');
  const located = (sql: string, position?: { line: number; column: number }) =>
    locateError(
      new DatabaseError('database-error', 'no column nope', sql, { position }),
      node,
      compiled,
    ).span;

  test('is counted from where the SELECT begins in the statement', () => {
    const sql = `create table a as (\n${compiled.sql}\n)`;
    expect(located(sql, { line: 3, column: 3 })).toEqual({ ...span, line: 2, column: 3 });
    expect(located(sql, { line: 2, column: 8 })).toEqual({ ...span, line: 1, column: 8 });
  });

  test('on a line the SELECT shares with the statement the columns before it are taken off', () => {
    expect(located(`insert into a ${compiled.sql}`, { line: 1, column: 22 })).toEqual({
      ...span,
      column: 8,
    });
  });

  test('outside the SELECT, without a position or in another statement it is the node', () => {
    expect(located(`create table a as (\n${compiled.sql}\n)`, { line: 1, column: 1 })).toEqual(
      node.span,
    );
    expect(located(compiled.sql)).toEqual(node.span);
    expect(located('drop table a', { line: 1, column: 1 })).toEqual(node.span);
  });
});

test.each([
  'select now()',
  'select NOW ()',
  'select current_date',
  "select a, current_timestamp at time zone 'UTC'",
  'select localtimestamp',
  'select current_localtimestamp()',
  'select current_localtime()',
  'select random()',
  'select uuid()',
  'select uuidv4()',
  "select nextval('s')",
  'select today() -- now',
  'from t using sample 10',
  'from t tablesample 10%',
])('%s changes by itself', (sql) => {
  expect(isVolatile(sql)).toBe(true);
});

test.each([
  "select 'now()'",
  'select 1 -- now()',
  'select 1 /* current_date */',
  'select "current_date" from t',
  'select knownow(), now_at from t',
  'select current_date_key, is_random from t',
  'select random_forest(1)',
])('%s does not', (sql) => {
  expect(isVolatile(sql)).toBe(false);
});
