import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Days,
  type Fields,
  type RacingRun,
  race,
  racingProject,
  runner,
} from './made-days.ts';

const MINUTE = 60_000;

/** Rows that break the contract, and what must become of them: written by hand from docs/guides/own-data.md. */
interface Case extends Days {
  readonly name: string;
  /** Rows of `files__rejected`: horse (or its race, without a name), what is rejected, why. */
  readonly rejected?: readonly string[];
  /** Rows of `runs`: horse, status, position, and `won`; `-` for NULL. */
  readonly runs: readonly string[];
}

/** A race of three, first to third in that order, but for what is changed. */
const three = (id: string, changes: Readonly<Record<string, Fields>> = {}): readonly Fields[] =>
  ['A', 'B', 'C'].map((letter, index) => ({
    ...runner(id, `${id}-${letter}`, String(index + 1)),
    ...changes[letter],
  }));

const finished = (id: string) => [
  `${id}-A finished 1 1`,
  `${id}-B finished 2 0`,
  `${id}-C finished 3 0`,
];
const notRun = (id: string, letters = 'ABC') =>
  [...letters].map((letter) => `${id}-${letter} declared - -`);
const all = (id: string, why: string, letters = 'ABC') =>
  [...letters].map((letter) => `${id}-${letter} ${why}`);

const DAY = '2024-05-03';

const rows: readonly Case[] = [
  {
    name: 'a good race is as it was',
    races: [race('good', DAY, { course: 'Good' })],
    runners: three('good'),
    runs: finished('good'),
  },
  {
    name: 'an empty line',
    races: [],
    runners: [runner('', '', '', { jockey_id: '', trainer_id: '', sex: 'F' })],
    rejected: ['- row missing_race_id'],
    runs: [],
  },
  {
    name: 'a runner of a race that is not there',
    races: [],
    runners: [runner('nowhere', 'nowhere-A', '1')],
    rejected: ['nowhere-A row missing_race_date'],
    runs: [],
  },
  {
    name: 'a day that is none',
    races: [race('noday', '2024-02-30')],
    runners: three('noday'),
    rejected: all('noday', 'row missing_race_date'),
    runs: [],
  },
  {
    name: 'a day of another age',
    races: [race('ages', '0024-05-03')],
    runners: three('ages'),
    rejected: all('ages', 'row absurd_race_date'),
    runs: [],
  },
  {
    name: 'no course',
    races: [race('nocourse', DAY, { course: ' ' })],
    runners: three('nocourse'),
    rejected: all('nocourse', 'row missing_course'),
    runs: [],
  },
  {
    name: 'a runner without a name: the race would lack a starter',
    races: [race('unnamed', DAY, { course: 'Unnamed' })],
    runners: three('unnamed', { B: { horse_id: '' } }),
    rejected: ['- row missing_horse_id', ...all('unnamed', 'row incomplete_race', 'AC')],
    runs: [],
  },
  {
    name: 'a runner twice in the same words counts once',
    races: [race('twice', DAY, { course: 'Twice' })],
    runners: [...three('twice'), ...three('twice').slice(1, 2)],
    rejected: ['twice-B row repeated_row'],
    runs: finished('twice'),
  },
  {
    name: 'of two weights the smaller, whichever line comes first',
    races: [race('heavy', DAY, { course: 'Heavy' })],
    runners: [
      ...three('heavy', { A: { weight_lbs: '130' }, B: { weight_lbs: '121' } }),
      runner('heavy', 'heavy-A', '1', { weight_lbs: '120' }),
      runner('heavy', 'heavy-B', '2', { weight_lbs: '131' }),
    ],
    rejected: ['heavy-A row contradicting_row', 'heavy-B row contradicting_row'],
    runs: finished('heavy'),
  },
  {
    name: 'of two lines the one that says more of the card',
    races: [race('fuller', DAY, { course: 'Fuller' })],
    runners: [...three('fuller'), runner('fuller', 'fuller-A', '1', { weight_lbs: '133' })],
    rejected: ['fuller-A row contradicting_row'],
    runs: finished('fuller'),
  },
  {
    name: 'card and result as two lines: the result',
    races: [race('later', DAY, { course: 'Later' })],
    runners: [...three('later', { A: { position: '' } }), runner('later', 'later-A', '1')],
    rejected: ['later-A row contradicting_row'],
    runs: finished('later'),
  },
  {
    name: 'withdrawn and third: withdrawn, which was known before',
    races: [race('either', DAY, { course: 'Either' })],
    runners: [...three('either'), runner('either', 'either-C', 'WD')],
    rejected: ['either-C row contradicting_row'],
    runs: ['either-A finished 1 1', 'either-B finished 2 0', 'either-C withdrawn - -'],
  },
  {
    name: 'two results of one horse: nobody knows which',
    races: [race('results', DAY, { course: 'Results' })],
    runners: [...three('results'), runner('results', 'results-A', '4')],
    rejected: [
      'results-A result contradicting_result',
      'results-A row contradicting_row',
      ...all('results', 'result incomplete_result', 'BC'),
    ],
    runs: notRun('results'),
  },
  {
    name: 'a race on two days',
    races: [race('days', DAY, { course: 'Days' }), race('days', '2024-05-04', { course: 'Days' })],
    runners: three('days'),
    rejected: [...all('days', 'row contradicting_race'), ...all('days', 'row contradicting_row')],
    runs: [],
  },
  {
    name: 'a race given twice in the same words is one race',
    races: [race('again', DAY, { course: 'Again' }), race('again', DAY, { course: 'Again' })],
    runners: three('again'),
    runs: finished('again'),
  },
  {
    name: 'a code nobody knows: the race has no result, the card stays',
    races: [race('code', DAY, { course: 'Code' })],
    runners: three('code', { B: { position: 'XYZ' }, C: { position: 'WD' } }),
    rejected: [
      'code-A result incomplete_result',
      'code-B result unreadable_position',
      'code-C result incomplete_result',
    ],
    runs: ['code-A declared - -', 'code-B declared - -', 'code-C withdrawn - -'],
  },
  {
    name: 'a starter without a position or code',
    races: [race('blank', DAY, { course: 'Blank' })],
    runners: three('blank', { C: { position: '' } }),
    rejected: [
      ...all('blank', 'result incomplete_result', 'AB'),
      'blank-C result missing_position',
    ],
    runs: notRun('blank'),
  },
  {
    name: 'fourth of three',
    races: [race('fourth', DAY, { course: 'Fourth' })],
    runners: three('fourth', { C: { position: '4' } }),
    rejected: [
      ...all('fourth', 'result incomplete_result', 'AB'),
      'fourth-C result position_beyond_field',
    ],
    runs: notRun('fourth'),
  },
  {
    name: 'position nought',
    races: [race('nought', DAY, { course: 'Nought' })],
    runners: three('nought', { C: { position: '0' } }),
    rejected: [
      ...all('nought', 'result incomplete_result', 'AB'),
      'nought-C result position_beyond_field',
    ],
    runs: notRun('nought'),
  },
  {
    name: 'nobody won',
    races: [race('nowinner', DAY, { course: 'Nowinner' })],
    runners: three('nowinner', { A: { position: '3' } }),
    rejected: all('nowinner', 'result no_winner'),
    runs: notRun('nowinner'),
  },
];

const project = racingProject({
  races: rows.flatMap((made) => made.races),
  runners: rows.flatMap((made) => made.runners),
});
let run: RacingRun;
let inRuns: readonly string[] = [];
let refused: readonly string[] = [];

/** What is said of the races of a case; each text begins with the race. */
const of = ({ races, runners }: Days, said: readonly string[]) => {
  const ids = new Set([...races, ...runners].map((line) => line['race_id'] || '-'));
  return said
    .map((text) => text.split(/ (.*)/, 2))
    .flatMap(([id = '', text]) => (ids.has(id) ? [text] : []))
    .toSorted();
};

beforeAll(async () => {
  run = await project.build('2024-05-10');
  expect(run.failed).toEqual([]);
  inRuns = await project.texts('select race_id, horse_id, status, pos_num, won from runs');
  refused = await project.texts('select race_id, horse_id, rejected, reason from files__rejected');
}, 2 * MINUTE);
afterAll(project.remove);

test('what is refused is counted', () => {
  const count = rows.flatMap(({ rejected = [] }) => rejected).length;
  // The day that is none is one value for each of its three runners.
  expect(run.warned).toEqual([
    expect.stringMatching(`^rejected_rows_are_counted: .* ${count} `),
    expect.stringMatching('^removed_values_are_counted: .* 3 '),
  ]);
});

test.each(rows)('$name', (made) => {
  expect(of(made, inRuns)).toEqual(made.runs);
  expect(of(made, refused)).toEqual((made.rejected ?? []).toSorted());
});

test('every row of the file is in runs, or it is told why not', () => {
  const notInRuns = refused.filter((text) => text.includes(' row '));
  const staged = rows.flatMap(({ runners }) => runners).length;
  // The three of the race on two days are staged once for each day.
  expect(inRuns.length + notInRuns.length).toBe(staged + 3);
});

test('which of two rows is kept', async () => {
  expect(
    await project.texts(`select horse_id, weight_lbs from runs
      where horse_id in ('heavy-A', 'heavy-B', 'fuller-A') order by 1`),
  ).toEqual(['fuller-A 133', 'heavy-A 120', 'heavy-B 121']);
});

test('the whole row stands beside the reason', async () => {
  const [row] = await project.ask(
    `select staged_row from files__rejected where race_id = 'code' and reason = 'unreadable_position'`,
  );
  expect(JSON.parse(String(row?.[0]))).toMatchObject({
    race_id: 'code',
    horse_id: 'code-B',
    jockey_id: 'jockey of code-B',
    pos_raw: 'XYZ',
  });
});

test(
  'what is left of the card does not depend on the results',
  async () => {
    const card = () =>
      project.texts('select * from spine order by race_id, horse_id, jockey_id, trainer_id');
    const before = await card();
    expect(before.length).toBeGreaterThan(30);
    const all = rows.flatMap((made) => made.runners);
    const open = all.filter((line) => line['position'] !== 'WD');
    // Everybody but the withdrawn gets the result of the next one.
    const moved = new Map(open.map((line, index) => [line, open[(index + 1) % open.length]]));
    project.write({
      races: rows.flatMap((made) => made.races),
      runners: all.map((line) => ({
        ...line,
        position: (moved.get(line) ?? line)['position'] ?? '',
      })),
    });
    expect((await project.build('2024-05-10')).failed).toEqual([]);
    expect(await card()).toEqual(before);
  },
  2 * MINUTE,
);
