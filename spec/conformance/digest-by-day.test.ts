import { describe, expect, it } from 'vitest';
import { adapters } from '../../src/adapters/index.ts';
import { withTarget } from './target.ts';

/** A SELECT of rows with a day, a number and a text. */
const rows = (...lines: readonly (readonly [day: string, v: string, t: string])[]): string =>
  lines
    .map(([day, v, t]) => `select cast(${day} as date) as d, ${v} as v, cast(${t} as varchar) as t`)
    .join(' union all ');

const FIRST = ["'2024-01-01'", '1', "'a'"] as const;
const SECOND = ["'2024-01-01'", '2', 'null'] as const;
const LATER = ["'2024-01-02'", '1', "'a'"] as const;

describe.each(adapters.all())('adapter $name: digestByDay', ({ name, load }) => {
  const daysOf = (sql: string) =>
    withTarget(name, async ({ input }) => {
      const { dialect, open, parseSettings } = await load();
      await using warehouse = await open(parseSettings(input));
      const days = `select cast(at_day as varchar) as at_day, row_count, digest from (${dialect.digestByDay(sql, 'd')}) as days order by 1`;
      const found = await warehouse.use(({ query }) => query(days));
      return found.map((row) => [row['at_day'], Number(row['row_count']), row['digest']] as const);
    });

  it('has a row a day, the same for the same rows in any order', async () => {
    const days = await daysOf(rows(FIRST, SECOND, LATER, ['null', '9', "'none'"]));
    expect(days.map(([day, count]) => [day, count])).toEqual([
      ['2024-01-01', 2],
      ['2024-01-02', 1],
    ]);
    expect(await daysOf(rows(LATER, SECOND, FIRST))).toEqual(days);
  });

  it.each<[string, string]>([
    ['a value', rows(["'2024-01-01'", '3', "'a'"], SECOND)],
    ['a NULL that comes', rows(["'2024-01-01'", '1', 'null'], SECOND)],
    ['a NULL that goes', rows(FIRST, ["'2024-01-01'", '2', "''"])],
    [
      'values that change places',
      rows(["'2024-01-01'", '1', 'null'], ["'2024-01-01'", '2', "'a'"]),
    ],
    ['a row twice for two others', rows(FIRST, FIRST)],
    ['the name of a column', `select d, v as w, t from (${rows(FIRST, SECOND)}) as old`],
    [
      'the type of a column',
      `select d, cast(v as bigint) as v, t from (${rows(FIRST, SECOND)}) as old`,
    ],
  ])('differs with %s', async (_, sql) => {
    const [before] = await daysOf(rows(FIRST, SECOND));
    const [after] = await daysOf(sql);
    expect(after?.[1]).toBe(2);
    expect(after?.[2]).not.toBe(before?.[2]);
  });

  it('counts a row that is there twice', async () => {
    const [once] = await daysOf(rows(FIRST));
    const [twice] = await daysOf(rows(FIRST, FIRST));
    expect([once?.[1], twice?.[1]]).toEqual([1, 2]);
  });
});
