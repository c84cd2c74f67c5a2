import { expect, test } from 'vitest';
import type { Flow } from '../../src/sql/flow.ts';
import { lineageOf } from '../../src/sql/lineage.ts';
import { parse } from './parse.ts';

const TABLES: Readonly<Record<string, readonly string[]>> = {
  runs: ['race_id', 'horse_id', 'race_date', 'won', 'odds'],
  spine: ['race_id', 'horse_id', 'race_date'],
};

async function lineage(sql: string) {
  return lineageOf(await parse(sql), (path) => TABLES[path.at(-1) ?? '']);
}

/** `won* <` : column, * when it only decides about rows, a < for each strict bound and <= for each other. */
const shown = ({ table, column, role, bounds }: Flow): string =>
  [
    `${table}.${column}${role === 'rows' ? '*' : ''}`,
    ...bounds.map(({ isStrict }) => (isStrict ? '<' : '<=')),
  ].join(' ');

async function flowsOf(column: string, sql: string): Promise<string[]> {
  const { columns } = await lineage(sql);
  const found = columns.find(({ name }) => name === column);
  if (!found) throw new Error(`no ${column} in ${columns.map(({ name }) => name)}`);
  return found.flows.map(shown).sort();
}

test('stars, exclude, replace, rename and aliases', async () => {
  const { columns, isPartial } = await lineage(
    'with a as (select * exclude (odds) replace (won + 1 as won) from main.runs r), b as (select a.*, won as w2 from a) select * rename (w2 as w3) from b join spine using (race_id)',
  );
  expect(isPartial).toBe(false);
  expect(Object.fromEntries(columns.map(({ name, flows }) => [name, flows.map(shown)]))).toEqual({
    race_id: ['main.runs.race_id'],
    horse_id: ['spine.horse_id'],
    race_date: ['spine.race_date'],
    won: ['main.runs.won'],
    w3: ['main.runs.won'],
  });
});

test('an aggregate comes also from what decides which rows count', async () => {
  expect(
    await flowsOf('n', 'select horse_id, count(*) as n from runs where won = 1 group by 1'),
  ).toEqual(['runs.won*']);
});

test.each([
  ['r.race_date < s.race_date', '<'],
  ['s.race_date > r.race_date', '<'],
  ['r.race_date <= s.race_date', '<='],
  ["r.race_date <= s.race_date - interval '1 day'", '<'],
  ['r.race_date between s.race_date - 30 and s.race_date - 1', '<'],
  ['r.race_date between s.race_date - 30 and s.race_date', '<='],
  ['r.race_date < s.race_date + 1', '<='],
  ['r.race_date::date < s.race_date', '<'],
])('the bound %s', async (condition, bound) => {
  for (const join of [`join runs r on r.horse_id = s.horse_id and ${condition}`]) {
    expect(
      await flowsOf(
        'wins',
        `select s.race_id, sum(r.won) as wins from spine s ${join} group by all`,
      ),
    ).toContain(`runs.won ${bound}`);
  }
  expect(
    await flowsOf('wins', `select sum(won) as wins from spine s, runs r where ${condition}`),
  ).toContain(`runs.won ${bound}`);
  expect(
    await flowsOf(
      'wins',
      `select sum(won) filter (where ${condition}) as wins from spine s, runs r`,
    ),
  ).toContain(`runs.won ${bound}`);
  expect(
    await flowsOf(
      'wins',
      `select (select sum(r.won) from runs r where ${condition}) as wins from spine s`,
    ),
  ).toContain(`runs.won ${bound}`);
  expect(
    await flowsOf(
      'wins',
      `select sum(case when ${condition} then r.won end) as wins from spine s, runs r`,
    ),
  ).toContain(`runs.won ${bound}`);
});

test.each([
  ["range between interval '14 days' preceding and interval '1 day' preceding", '<'],
  ['range between unbounded preceding and current row', '<='],
  ['rows between unbounded preceding and 1 preceding', '<='],
  ['', '<='],
])('the frame %s', async (frame, bound) => {
  expect(
    await flowsOf(
      's',
      `select sum(won) over (partition by horse_id order by race_date ${frame}) as s from runs`,
    ),
  ).toContain(`runs.won ${bound}`);
});

test('rows before are earlier days where each day has one row', async () => {
  const days = 'select horse_id, race_date, sum(won) as won from runs group by horse_id, race_date';
  const over = 'order by race_date rows between unbounded preceding and 1 preceding';
  expect(
    await flowsOf(
      's',
      `select sum(won) over (partition by horse_id ${over}) as s from (${days}) d`,
    ),
  ).toContain('runs.won <');
  expect(await flowsOf('s', `select sum(won) over (${over}) as s from (${days}) d`)).toContain(
    'runs.won <=',
  );
});

test.each(['lag(won)', 'lead(won)'])('%s is not bounded', async (call) => {
  expect(
    await flowsOf(
      's',
      `select ${call} over (partition by horse_id order by race_date) as s from runs`,
    ),
  ).toContain('runs.won');
});

test('an asof join bounds its right side', async () => {
  expect(
    await flowsOf(
      'won',
      'select won from spine s asof join runs r on r.horse_id = s.horse_id and s.race_date > r.race_date',
    ),
  ).toContain('runs.won <');
});

test('constants of the rendered range are bounds with an instant', async () => {
  const { columns } = await lineage(
    "select sum(won) as w from (select * from runs where race_date < date '2024-01-02') r",
  );
  const flow = columns[0]?.flows.find(({ column }) => column === 'won');
  expect(flow?.bounds).toMatchObject([
    { columns: ['runs.race_date'], against: { instantMs: Date.UTC(2024, 0, 2) }, isStrict: true },
  ]);
});

test('of two ways the unbounded one is kept', async () => {
  const sql = `select sum(r.won) + max(o.won) as w from spine s
join runs r on r.race_date < s.race_date join runs o on o.race_id = s.race_id`;
  expect(await flowsOf('w', sql)).toContain('runs.won');
});

test('unions, values, recursion and set operations', async () => {
  expect(await flowsOf('x', 'select won as x from runs union all select odds from runs')).toEqual([
    'runs.odds',
    'runs.won',
  ]);
  expect(
    await flowsOf(
      'x',
      'with recursive r as (select won as x from runs union all select x + 1 from r) select x from r',
    ),
  ).toContain('runs.won');
  const { rows } = await lineage(
    'select race_id from spine except select race_id from runs where won = 1',
  );
  expect(rows.map(shown).sort()).toEqual(['runs.race_id*', 'runs.won*']);
});

test('what cannot be followed is said', async () => {
  expect((await lineage('select * from unknown_table')).isPartial).toBe(true);
  expect((await lineage('select won from unknown_table')).isPartial).toBe(false);
});
