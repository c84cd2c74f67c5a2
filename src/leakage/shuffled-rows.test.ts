import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Warehouse } from '../adapters/adapter.ts';
import { duckdb } from '../adapters/duckdb/duckdb.ts';
import { shuffledRows } from './shuffled-rows.ts';

const { dialect } = duckdb;

let warehouse: Warehouse;

beforeAll(async () => {
  const settings = duckdb.parseSettings({ type: 'duckdb', path: ':memory:', threads: 1 });
  warehouse = await duckdb.open(settings);
});

afterAll(() => warehouse[Symbol.asyncDispose]());

/** Four runners a race, the last withdrawn; place and time belong together; one row has no race. */
const ROWS = `(
  select 'r' || race as race, runner, case when runner = 4 then 'WD' else cast(runner as varchar) end as place,
    10 * race + runner as seconds
  from range(600) as races(race), range(1, 5) as runners(runner)
  union all select null, 1, '1', 7
)`;

interface Shuffled {
  readonly race: string | null;
  readonly runner: number;
  readonly place: string;
  readonly seconds: number;
}

async function shuffled(seed: number): Promise<readonly Shuffled[]> {
  const input = {
    text: ROWS,
    columns: ['race', 'runner', 'place', 'seconds'],
    outcomes: [
      { column: 'place', when: "place is distinct from 'WD'" },
      { column: 'seconds', when: undefined },
    ],
    group: 'race',
  };
  const sql = shuffledRows(input, { seed, dialect });
  const rows = await warehouse.use((connection) =>
    connection.query(`select race, cast(runner as integer) as runner, place, cast(seconds as integer) as seconds
from (${sql}) order by race, runner`),
  );
  return rows as unknown as readonly Shuffled[];
}

test('outcomes of a row move together, within the race, among those that may', async () => {
  const rows = await shuffled(1);
  expect(rows).toHaveLength(2401);
  for (const { race, runner, place, seconds } of rows) {
    if (race === null) expect([place, seconds]).toEqual(['1', 7]);
    else if (runner === 4) expect([place, seconds % 10]).toEqual(['WD', 4]);
    else expect(seconds).toBe(10 * Number(race.slice(1)) + Number(place));
  }
  const orders = new Map<string, number>();
  for (let first = 0; first < 2400; first += 4) {
    const order = [0, 1, 2].map((next) => rows[first + next]?.place).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  const counts = [...orders.values()];
  // All six orders, each a sixth of 600 races: 100 ± 4.2 standard deviations of 9.1.
  expect(counts).toHaveLength(6);
  expect(Math.min(...counts)).toBeGreaterThan(62);
  expect(Math.max(...counts)).toBeLessThan(138);
});

test('equal seeds give equal rows, other seeds others', async () => {
  expect(await shuffled(1)).toEqual(await shuffled(1));
  expect(await shuffled(2)).not.toEqual(await shuffled(1));
});
