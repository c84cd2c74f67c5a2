import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Days, type RacingRun, race, racingProject, runner } from './made-days.ts';

const MINUTE = 60_000;

const DAY = '2024-05-03';

/** One wrong value each; the row stays. Column, what the file says, what `staged_runs` has, NULL if not given. */
const values: readonly (readonly [column: string, said: string, kept?: number])[] = [
  ['draw', 'abc'],
  ['draw', '0'],
  ['draw', '-3'],
  ['draw', '100'],
  ['draw', '99', 99],
  ['weight_lbs', '9-7'],
  ['weight_lbs', '20'],
  ['weight_lbs', '80', 80],
  ['rating', '-5'],
  ['rating', '0', 0],
  ['age', '99'],
  ['odds', '0'],
  ['odds', '-2'],
  ['odds', '1'],
  ['odds', 'EVS'],
  ['odds', '1000000'],
  ['odds', '1.01', 1.01],
  ['finish_time_s', '1:12.34'],
  ['finish_time_s', '5'],
  ['early_pos', '0'],
  ['mid_time_s', '-1'],
];
const valueId = (index: number) => `value${index}`;

const races: readonly (readonly [column: string, said: string, kept?: number])[] = [
  ['distance_m', 'long'],
  ['distance_m', '0'],
  ['distance_m', '400', 400],
  ['is_handicap', 'perhaps'],
  ['prize', 'much'],
  ['off_at', 'noon'],
];
const raceId = (index: number) => `race${index}`;

/** Two at 10 make a book of a fifth: such prices are not those of the race. Three at 3 make a whole one. A walkover has no market. */
const books: Days = {
  races: [
    race('book', DAY, { course: 'Book' }),
    race('walkover', DAY, { course: 'Walkover' }),
    race('fair', DAY, { course: 'Fair' }),
  ],
  runners: [
    runner('book', 'book-A', '1', { odds: '10' }),
    runner('book', 'book-B', '2', { odds: '10' }),
    runner('walkover', 'walkover-A', '1', { odds: '1.5' }),
    ...['1', '2', '3'].map((place) => runner('fair', `fair-${place}`, place, { odds: '3' })),
  ],
};

/** Races without a number of their own have that of their place by the off. */
const unnumbered: Days = {
  races: [
    race('first', DAY, { course: 'Unnumbered', race_no: '', off_at: '2024-05-03 14:00' }),
    race('third', DAY, { course: 'Unnumbered', race_no: '', off_at: '2024-05-03 15:10' }),
    race('second', DAY, { course: 'Unnumbered', race_no: 'two', off_at: '2024-05-03 14:35' }),
  ],
  runners: ['first', 'second', 'third'].map((id) => runner(id, `${id}-A`, '1')),
};

const DAYS: readonly Days[] = [
  books,
  unnumbered,
  ...values.map(([column, said], index) => ({
    races: [race(valueId(index), DAY, { course: valueId(index) })],
    runners: [
      runner(valueId(index), `${valueId(index)}-A`, '1', { [column]: said }),
      runner(valueId(index), `${valueId(index)}-B`, '2'),
    ],
  })),
  ...races.map(([column, said], index) => ({
    races: [race(raceId(index), DAY, { course: raceId(index), [column]: said })],
    runners: [runner(raceId(index), `${raceId(index)}-A`, '1')],
  })),
];

const project = racingProject({
  races: DAYS.flatMap((days) => days.races),
  runners: DAYS.flatMap((days) => days.runners),
});
let run: RacingRun;
let staged: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map();
let inRuns: readonly string[] = [];

beforeAll(async () => {
  run = await project.build('2024-05-10');
  expect(run.failed).toEqual([]);
  const rows = await project.ask('select horse_id, to_json(s) from staged_runs as s');
  staged = new Map(rows.map(([horse, json]) => [String(horse), JSON.parse(String(json))]));
  inRuns = await project.texts('select horse_id, status, pos_num, won from runs');
}, 2 * MINUTE);
afterAll(project.remove);

test.each(values.map((value, index) => [valueId(index), ...value] as const))(
  '%s: %s %s',
  (id, column, said, kept) => {
    const row = staged.get(`${id}-A`) ?? {};
    expect(row[column]).toBe(kept ?? null);
    expect(row['rejected']).toBeNull();
    // Numbers are listed as the type writes them: '20' pounds as 20.0.
    const removed = row['removed_values'];
    if (kept !== undefined) expect(removed).toBeNull();
    else expect(String(removed).replace(/\.0$/, '')).toBe(`[${column}] ${said}`);
    expect(inRuns).toContain(`${id}-A finished 1 1`);
    expect(inRuns).toContain(`${id}-B finished 2 0`);
  },
);

test.each(races.map((value, index) => [raceId(index), ...value] as const))(
  '%s: %s %s',
  (id, column, said, kept) => {
    const row = staged.get(`${id}-A`) ?? {};
    // A race that does not say so is no handicap.
    expect(row[column]).toBe(kept ?? (column === 'is_handicap' ? false : null));
    expect(row['rejected']).toBeNull();
    expect(row['removed_values']).toBe(kept === undefined ? `[${column}] ${said}` : null);
  },
);

test('each column with values taken away is counted', async () => {
  const counted = await project.texts(
    `select regexp_extract(removed_values, '^.([a-z_]+)', 1) as c, count(*) from staged_runs
     where removed_values is not null group by 1 order by 1`,
  );
  // By hand from the lists above; odds also has the two of `book`.
  const wrong = new Map<string, number>([
    ['odds', 2],
    ['race_no', 1],
  ]);
  for (const [column, , kept] of [...values, ...races]) {
    if (kept === undefined) wrong.set(column, (wrong.get(column) ?? 0) + 1);
  }
  expect(counted).toEqual([...wrong].map((entry) => entry.join(' ')).toSorted());
  const total = [...wrong.values()].reduce((sum, count) => sum + count, 0);
  expect(run.warned).toEqual([expect.stringMatching(`^removed_values_are_counted: .* ${total} `)]);
});

test('prices that make less than a whole book are none', async () => {
  expect(
    await project.texts(`select horse_id, odds, round(market_e, 9) from runs
      where race_id in ('book', 'walkover', 'fair') order by 1`),
  ).toEqual([
    ...['book-A - -', 'book-B - -', 'fair-1 3 0.333333333', 'fair-2 3 0.333333333'],
    ...['fair-3 3 0.333333333', 'walkover-A 1.5 1'],
  ]);
});

test('races without a number count by their off', async () => {
  expect(
    await project.texts(`select race_id, race_no from runs where course = 'Unnumbered' order by 2`),
  ).toEqual(['first 1', 'second 2', 'third 3']);
});
