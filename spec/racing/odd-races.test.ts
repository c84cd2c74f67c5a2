import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Days, type RacingRun, race, racingProject, runner } from './made-days.ts';

const MINUTE = 60_000;

// Races that are odd and still true. Each stands on a course of its own; what is expected was reckoned by hand from
// docs/guides/racing.md.

const deadHeat: Days = {
  races: [
    race('heat', '2024-05-03', { course: 'Heat' }),
    race('after-heat', '2024-05-10', { course: 'Heat' }),
  ],
  runners: ['1', '1', '1', '4', '5'].flatMap((position, index) => [
    runner('heat', `heat-${index + 1}`, position, { odds: '4' }),
    runner('after-heat', `heat-${index + 1}`, String(index + 1)),
  ]),
};

const alone: Days = {
  races: [
    race('alone', '2024-05-03', { course: 'Alone' }),
    race('after-alone', '2024-05-10', { course: 'Alone' }),
  ],
  runners: [runner('alone', 'lone', '1'), runner('after-alone', 'lone', '1')],
};

const withoutResult: Days = {
  races: [
    race('pulled', '2024-05-03', { course: 'Pulled' }),
    race('void', '2024-05-03', { course: 'Void' }),
    race('after-none', '2024-05-10', { course: 'Void' }),
  ],
  runners: [
    runner('pulled', 'pulled-1', 'PU'),
    runner('pulled', 'pulled-2', 'pu'),
    runner('void', 'void-1', 'VOID'),
    runner('void', 'void-2', 'VOID'),
    ...['pulled-1', 'pulled-2', 'void-1', 'void-2'].map((horse, index) =>
      runner('after-none', horse, String(index + 1)),
    ),
  ],
};

const twiceADay: Days = {
  races: [
    race('noon', '2024-05-03', { course: 'Busy', race_no: '1' }),
    race('evening', '2024-05-03', { course: 'Busy', race_no: '2' }),
    race('after-busy', '2024-05-04', { course: 'Busy' }),
  ],
  runners: [
    runner('noon', 'busy', '1'),
    runner('noon', 'calm', '2'),
    runner('evening', 'calm', '1'),
    runner('evening', 'busy', '2'),
    runner('after-busy', 'busy', '1'),
  ],
};

const ALIASES = `source_system,entity,alias,id
files,trainer,Old & Son,Young Ltd
files,horse,Colt (GB),Colt
hk,trainer,Kept Name,Somebody Else
files,jockey,Kept Name,Somebody Else
`;
const renamed: Days = {
  races: [
    race('old', '2024-05-03', { course: 'Renamed' }),
    race('new', '2024-05-10', { course: 'Renamed' }),
  ],
  runners: [
    runner('old', 'Colt (GB)', '1', { trainer_id: 'Old & Son' }),
    runner('old', 'kept', '2', { trainer_id: 'Kept Name' }),
    runner('new', 'Colt', '1', { trainer_id: 'Young Ltd' }),
    runner('new', 'kept', '2', { trainer_id: 'Kept Name' }),
  ],
};

const jumps: Days = {
  races: ['jumps', 'after-jumps'].map((id, index) =>
    race(id, `2024-05-0${3 + index}`, { course: 'Jumps', distance_m: '3200' }),
  ),
  runners: ['1', 'F', 'UR'].flatMap((position, index) => [
    runner('jumps', `jumper-${index + 1}`, position),
    runner('after-jumps', `jumper-${index + 1}`, ''),
  ]),
};

const unknownGoing: Days = {
  races: ['sloppy', 'sloppier'].map((id) =>
    race(id, '2024-05-03', {
      course: 'Sloppy',
      race_no: id.length === 6 ? '1' : '2',
      going: 'Sloppy',
    }),
  ),
  runners: ['sloppy', 'sloppier'].flatMap((id) => [
    runner(id, `${id}-1`, '1'),
    runner(id, `${id}-2`, '2'),
  ]),
};

/** Clocks change on March 31st and October 27th, 2024, in London; D−14 is in the window of 14 days, D−15 is not. */
const CLOCKS: readonly (readonly [day: string, inWindow: string, before: string, off: string])[] = [
  ['2024-03-31', '2024-03-17', '2024-03-16', '2024-03-31T14:30:00+01:00'],
  ['2024-10-27', '2024-10-13', '2024-10-12', '2024-10-27 01:30:00'],
];
const clocks: Days = {
  races: CLOCKS.flatMap(([day, inWindow, before, off]) => [
    race(`on-${day}`, day, { course: 'Clocks', off_at: off }),
    race(`on-${inWindow}`, inWindow, { course: 'Clocks', off_at: `${inWindow} 23:50` }),
    race(`on-${before}`, before, { course: 'Clocks', off_at: `${before}T00:10:00Z` }),
  ]),
  runners: CLOCKS.flatMap((days) =>
    days.slice(0, 3).map((day, index) =>
      runner(`on-${day}`, index === 2 ? 'early bird' : 'hour hand', '1', {
        trainer_id: 'Clockmaker',
      }),
    ),
  ),
};

const CARD = '2024-11-30';
const unseen: Days = {
  races: [race('card', CARD, { course: 'Unseen' })],
  runners: [runner('card', 'unseen', ''), runner('card', 'heat-1', '')],
};

const DAYS = [
  ...[deadHeat, alone, withoutResult, twiceADay, renamed, jumps, unknownGoing, clocks, unseen],
];
const project = racingProject({
  races: DAYS.flatMap(({ races }) => races),
  runners: DAYS.flatMap(({ runners }) => runners),
});
let run: RacingRun;

beforeAll(async () => {
  project.edit('seeds/entity_alias.csv', ALIASES);
  run = await project.build(CARD);
  expect(run.failed).toEqual([]);
}, 2 * MINUTE);
afterAll(project.remove);

test('nothing is refused; the word for the going is counted', async () => {
  expect(run.warned).toEqual([expect.stringMatching('^going_words_are_known: .* 4 ')]);
  expect(await project.texts('select * from files__rejected')).toEqual([]);
});

test('a dead heat of three: all won, the next is fourth, the stake goes in three', async () => {
  const ran = await project.texts(`
    select horse_id, winners, won, placed, finish_pct, round(market_e, 9), round(value, 6)
    from runs where race_id = 'heat' order by 1`);
  // Five starters pay two places; 4/3 − 1; five at 4 each are a fifth.
  expect(ran).toEqual([
    'heat-1 3 1 1 1 0.2 0.333333',
    'heat-2 3 1 1 1 0.2 0.333333',
    'heat-3 3 1 1 1 0.2 0.333333',
    'heat-4 3 0 0 0.25 0.2 -1',
    'heat-5 3 0 0 0 0.2 -1',
  ]);
  // K/(n − 1) = 7; of four opponents each expects two points: 2·½ + 2 = 3, then 1, then 0.
  const rated = `select horse_id, elo, elo_runs from horse_elo where as_of_date = '2024-05-10'`;
  expect(await project.texts(`${rated} and horse_id like 'heat%' order by 1`)).toEqual([
    'heat-1 1507 1',
    'heat-2 1507 1',
    'heat-3 1507 1',
    'heat-4 1493 1',
    'heat-5 1486 1',
  ]);
});

test('one starter: a win that beats nobody', async () => {
  expect(
    await project.texts(`select starters, won, placed, place_fraction, finish_pct, e0
      from runs where race_id = 'alone'`),
  ).toEqual(['1 1 1 - - 1']);
  expect(
    await project.texts(`select career_runs, career_wins, form_ewma, elo, elo_runs, trainer_sr_90d
      from training_dataset where race_id = 'after-alone'`),
  ).toEqual(['1 1 - 1500 0 1']);
});

test('all pulled up, and void after the off: no result, so no history', async () => {
  expect(
    await project.texts(`select horse_id, status, is_starter, has_result, won, finish_pct
      from runs where race_id in ('pulled', 'void') order by 1`),
  ).toEqual([
    'pulled-1 PU true false - -',
    'pulled-2 PU true false - -',
    'void-1 declared true false - -',
    'void-2 declared true false - -',
  ]);
  expect(
    await project.texts(`select distinct career_runs, last_run_days, elo_runs, trainer_runs_365d
      from training_dataset where race_id = 'after-none'`),
  ).toEqual(['0 - 0 0']);
  expect(
    await project.texts(`select race_id, count(*) from race_card
      where race_id in ('pulled', 'void') group by 1 order by 1`),
  ).toEqual(['pulled 2', 'void 2']);
});

test('a horse twice in one day: neither run knows the other, the next day knows both', async () => {
  const of = (table: string, columns: string) =>
    project.texts(`select ${columns} from ${table} where horse_id = 'busy' order by as_of_date`);
  // Two starters pay one place; the evening is the newer: (5·0 + 4·1)/9.
  expect(await of('horse_form', 'career_runs, career_wins, round(form_momentum, 9)')).toEqual([
    '0 0 -',
    '2 1 0.444444444',
  ]);
  expect(await of('horse_preferences', 'career_runs')).toEqual(['0', '0', '2']);
  expect(await of('horse_elo', 'elo_runs')).toEqual(['0', '2']);
});

test('another name of a trainer counts as the same trainer, in the system it is listed for', async () => {
  expect(
    await project.texts(`select horse_id, trainer_id, trainer_runs_365d, trainer_wins_365d, career_runs
      from training_dataset where course = 'Renamed' order by as_of_date, 1`),
  ).toEqual([
    'Colt Young Ltd 0 0 0',
    'kept Kept Name 0 0 0',
    'Colt Young Ltd 1 1 1',
    'kept Kept Name 1 0 1',
  ]);
});

test('jumps have no stalls: nothing of the draw is known, and nothing else is lost', async () => {
  expect(
    await project.texts(`select horse_id, draw, stall_third, status, finish_pct
      from runs where race_id = 'jumps' order by 1`),
  ).toEqual(['jumper-1 - - finished 1', 'jumper-2 - - F 0', 'jumper-3 - - UR 0']);
  expect(
    await project.texts(`select distinct draw_share, draw_sample_size, draw_optimal_range, draw_iv_low, draw_z
      from training_dataset where race_id = 'after-jumps'`),
  ).toEqual(['- 0 - 1 -']);
});

test('a going word without a group is unknown, and has its rows all the same', async () => {
  expect(
    await project.texts(`select distinct going, going_group from runs where course = 'Sloppy'`),
  ).toEqual(['SLOPPY unknown']);
  expect(
    await project.texts(
      `select count(*) from course_going_bias where course = 'Sloppy' and going_group = 'unknown'`,
    ),
  ).toEqual(['4']);
});

test.each(CLOCKS)('the clocks change on %s: days stay days', async (day, inWindow, before, off) => {
  expect(
    await project.texts(`select trainer_runs_14d, trainer_runs_30d, last_run_days
      from training_dataset where race_id = 'on-${day}'`),
  ).toEqual(['1 2 14']);
  const offs = await project.texts(`select strftime(off_at, '%Y-%m-%d %H:%M') from staged_runs
    where race_id in ('on-${day}', 'on-${inWindow}', 'on-${before}') order by off_at`);
  // The clock as it is written, wherever it may hang.
  const written = off.replace('T', ' ').slice(0, 16);
  expect(offs).toEqual([`${before} 00:10`, `${inWindow} 23:50`, written]);
});

test('a horse nobody has seen is on the card, with the values of one without a past', async () => {
  expect(
    await project.texts(`select career_runs, last_run_days, form_recency, elo, elo_runs, running_style,
        is_debutant, is_first_time_jockey, is_long_absence, is_low_sample, form_ewma, speed_runs
      from race_card where horse_id = 'unseen'`),
  ).toEqual(['0 - 0.5 1500 0 unknown true true false true - 0']);
  expect(
    await project.texts(`select career_runs, is_debutant from race_card
      where race_id = 'card' and horse_id = 'heat-1'`),
  ).toEqual(['2 false']);
});
