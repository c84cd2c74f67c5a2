import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection, Warehouse } from '../adapters/adapter.ts';
import { adapters } from '../adapters/index.ts';
import type { Change } from '../core/leakage.ts';
import { changedRows, eventsOf, type InputText } from './changed-rows.ts';

const DAY_MS = 86_400_000;
const MONDAY = Date.parse('2024-01-01T00:00:00Z');

let warehouse: Warehouse;
let dialect: Parameters<typeof changedRows>[2]['dialect'];

beforeAll(async () => {
  const adapter = await adapters.get('duckdb').load();
  dialect = adapter.dialect;
  warehouse = await adapter.open(adapter.parseSettings({ type: 'duckdb', path: ':memory:' }));
});

afterAll(() => warehouse[Symbol.asyncDispose]());

/** Ten rows a day for three days; `same` is one value on the second, `none` is never there. */
const ROWS = `(select range as id, date '2024-01-01' + cast(range // 10 as integer) as day,
  case when range % 10 < 8 then range % 10 end as place,
  case when range // 10 = 1 then 5 else range end as same,
  cast(null as integer) as none
from range(30))`;

const input: InputText = {
  text: ROWS,
  columns: ['id', 'day', 'place', 'same', 'none'],
  outcomes: ['place', 'same', 'none'].map((column) => ({ column, when: undefined })),
  dating: { column: 'day' },
};

interface Row {
  readonly id: number;
  readonly day: number;
  readonly place: number | null;
  readonly same: number | null;
  readonly none: number | null;
}

async function rowsOf(sql: string): Promise<Row[]> {
  const work = async (connection: Connection) =>
    connection.query(`select cast(id as integer) as id, cast(day - date '2024-01-01' as integer) as day,
  cast(place as integer) as place, cast(same as integer) as same, none from (${sql}) order by id`);
  return (await warehouse.use(work)) as unknown as Row[];
}

function change(what: Change, given: Partial<InputText> = {}, seed = 1): Promise<Row[]> {
  const start = MONDAY + DAY_MS;
  const day = { start, end: start + DAY_MS };
  return rowsOf(changedRows({ ...input, ...given }, what, { day, grain: 'day', seed, dialect }));
}

const placesOn = (rows: readonly Row[], day: number) =>
  rows.filter((row) => row.day === day).map(({ place }) => place);

test('outcomes change places within their day, NULLs too; earlier days stay', async () => {
  const [before, after] = [await rowsOf(`select * from ${ROWS}`), await change('permuted')];
  expect(placesOn(after, 0)).toEqual(placesOn(before, 0));
  for (const day of [1, 2]) {
    expect(placesOn(after, day)).not.toEqual(placesOn(before, day));
    expect(placesOn(after, day).toSorted()).toEqual(placesOn(before, day).toSorted());
    const nullsAt = (rows: readonly Row[]) =>
      rows.filter((row) => row.day === day && row.place === null).map(({ id }) => id);
    expect(nullsAt(after)).not.toEqual(nullsAt(before));
  }
  expect(after.map(({ id, day }) => [id, day])).toEqual(before.map(({ id, day }) => [id, day]));
});

test('where a day has one value it gets another of the table', async () => {
  const after = await change('permuted');
  const same = after.filter(({ day }) => day === 1).map((row) => row.same);
  expect(new Set(same)).toEqual(new Set([29]));
  expect(after.every(({ none }) => none === null)).toBe(true);
});

test('equal seeds give equal rows, others do not', async () => {
  expect(await change('permuted')).toEqual(await change('permuted'));
  expect(await change('permuted', {}, 2)).not.toEqual(await change('permuted'));
});

test('rows that do not fulfil the condition keep their values', async () => {
  const outcomes = [{ column: 'place', when: 'place > 3' }];
  const [before, after] = [
    await rowsOf(`select * from ${ROWS}`),
    await change('permuted', { outcomes }),
  ];
  const kept = before.filter(({ day, place }) => day === 0 || place === null || place <= 3);
  for (const row of kept) expect(after[row.id]).toEqual(row);
  expect(after).not.toEqual(before);
  const morning = await change('morning', { outcomes });
  expect(placesOn(morning, 1)).toEqual([0, 1, 2, 3, null, null, null, null, null, null]);
});

test('in the morning there are no later rows and no outcomes of the day', async () => {
  const [before, after] = [await rowsOf(`select * from ${ROWS}`), await change('morning')];
  expect(after.filter(({ day }) => day === 0)).toEqual(before.filter(({ day }) => day === 0));
  expect(after.filter(({ day }) => day === 1)).toHaveLength(10);
  expect(placesOn(after, 1)).toEqual(Array(10).fill(null));
  expect(after.filter(({ day }) => day === 2)).toEqual([]);
});

test('dates come from another input; rows without one stay', async () => {
  const dates = `(select range as id, date '2024-01-01' + cast(range // 10 as integer) as held_on
    from range(25))`;
  const given = { dating: { column: 'held_on', via: { text: dates, key: 'id' } } };
  const after = await change('morning', given);
  expect(after.map(({ id }) => id)).toEqual([...Array(20).keys(), 25, 26, 27, 28, 29]);
  expect(placesOn(after, 1)).toEqual(Array(10).fill(null));
  const days = await warehouse.use((connection) =>
    connection.query(`${eventsOf({ text: ROWS, ...given }, 'day', dialect)} order by 1`),
  );
  expect(days.map(({ event }) => String(event).slice(0, 10))).toEqual([
    '2024-01-01',
    '2024-01-02',
    '2024-01-03',
  ]);
});
