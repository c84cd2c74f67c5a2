import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIn, type HandMadeRace } from './hand-made.ts';

/**
 * The mistakes of the older systems (racing.md §6) that concern features: a few race days made so that each mistake gives
 * another number. `right` and `wrong` are worked out by hand beside each test.
 */

const [ASH, BIRCH, CEDAR, ELM, FIR, GUM] = ['Ash', 'Birch', 'Cedar', 'Elm', 'Fir', 'Gum'] as const;
/** Trainer and jockey 1 have Ash, and on the day itself the debutant Hazel too. */
const PEOPLE: Readonly<Record<string, number>> = {
  Ash: 1,
  Birch: 2,
  Elm: 3,
  Fir: 4,
  Cedar: 5,
  Dogwood: 6,
  Gum: 7,
  Ivy: 8,
  Hazel: 1,
  Juniper: 9,
  Kauri: 10,
  Larch: 11,
  Maple: 12,
};

/** Runners in the order of their stalls: name, position and, where there were sectionals, the first call. */
const runners = (...rows: readonly (readonly [string, string, number?])[]) =>
  rows.map(([horse, position, early]) => ({
    horse,
    people: PEOPLE[horse] ?? 0,
    position,
    ...(early === undefined ? {} : { early }),
  }));

/** The race day that is looked at, and the days before it by their distance. */
const DAY = '2024-06-20';
const RACES: readonly HandMadeRace[] = [
  // 200 days before.
  { date: '2023-12-03', odds: 1.8, runners: runners([CEDAR, '1'], ['Dogwood', '2']) },
  // 60, 20, 15, 14 days and one day before.
  { date: '2024-04-21', odds: 1.8, runners: runners([ASH, '1'], [BIRCH, '2']) },
  { date: '2024-05-31', odds: 1.8, runners: runners([ASH, '1'], [BIRCH, '2']) },
  {
    date: '2024-06-05',
    odds: 3.5,
    runners: runners([ASH, '1', 1], [BIRCH, '2', 2], [ELM, '3', 3], [FIR, '4', 4]),
  },
  {
    date: '2024-06-06',
    odds: 4.5,
    classRating: 50,
    runners: runners([ELM, '3', 1], [ASH, '2', 2], [BIRCH, '1', 3], [FIR, '4', 4], [GUM, '5', 5]),
  },
  {
    date: '2024-06-19',
    odds: 3.5,
    classRating: 60,
    runners: runners([BIRCH, '1'], [ELM, '2'], [FIR, '3'], [ASH, 'PU']),
  },
  // The day: trainer and jockey 1 win the first race, and Ash the second.
  { date: DAY, odds: 3.5, runners: runners(['Hazel', '1'], [ELM, '2'], [FIR, '3'], [GUM, '4']) },
  {
    date: DAY,
    number: 2,
    odds: 3.5,
    classRating: 50,
    runners: runners([ASH, '1'], [BIRCH, '2'], [CEDAR, '3'], ['Ivy', 'PU']),
  },
  // A card without a result, and a day after it.
  { date: '2024-06-21', odds: 1.8, runners: runners([ASH, ''], ['Juniper', '']) },
  {
    date: '2024-06-22',
    odds: 2.8,
    runners: runners(['Kauri', '1'], ['Larch', '2'], ['Maple', '3']),
  },
];

let folder = '';
let ask: Awaited<ReturnType<typeof buildIn>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'velo-mistakes-'));
  ask = await buildIn(folder, RACES);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One row's numbers. */
async function numbers(select: string): Promise<readonly (number | null)[]> {
  const rows = await ask(select);
  expect(rows).toHaveLength(1);
  return (rows[0] ?? []).map((value) => (value === null ? null : Number(value)));
}

/** Equal to 9 decimals, and not to what the mistake gives. */
function expectNumber(found: number | null | undefined, right: number, wrong: number): void {
  expect(found).toBeCloseTo(right, 9);
  expect(found).not.toBeCloseTo(wrong, 4);
}

const trainer1 = (columns: string) =>
  numbers(
    `select ${columns} from trainer_velocity where trainer_id = 'T1' and as_of_date = '${DAY}'`,
  );

const ofAsh = (columns: string, date: string = DAY) =>
  numbers(
    `select ${columns} from training_dataset where horse_id = 'Ash' and as_of_date = '${date}'`,
  );

describe('windows', () => {
  test('the race day itself is not in the window', async () => {
    const [wins, rate] = await trainer1('wins_14d, sr_14d');
    // Days −14 (5 runners) and −1 (4): n 2, w 0, p0 (1/5 + 1/4)/2 = .225, (0 + 2.25)/12.
    // With the day: n 4, w 2, p0 (.2 + .25 + .25 + .25)/4 = .2375, (2 + 2.375)/14.
    expectNumber(wins, 0, 2);
    expectNumber(rate, 2.25 / 12, 4.375 / 14);
  });

  test('14 days are 14: the 15th is out, the 14th in', async () => {
    const [runs, rate] = await trainer1('runs_14d, sr_14d');
    // With day −15, a win of 4: n 3, w 1, Σe0 .7, p0 .7/3, (1 + 7/3)/13. With `<` at both ends only day −1 is left.
    expectNumber(runs, 2, 3);
    expectNumber(rate, 2.25 / 12, (1 + 7 / 3) / 13);
  });

  test('a filter of 14 days does not bound the longer windows', async () => {
    const [rate30, rate90, runs90] = await trainer1('sr_30d, sr_90d, runs_90d');
    // 30 days: n 4, w 2 (days −20 and −15), Σe0 .5 + .25 + .2 + .25 = 1.2, p0 .3, (2 + 3)/14.
    expectNumber(rate30, 5 / 14, 2.25 / 12);
    // 90 days: day −60 too, a win of 2: n 5, w 3, Σe0 1.7, p0 .34, (3 + 3.4)/15.
    expectNumber(rate90, 6.4 / 15, 2.25 / 12);
    expectNumber(runs90, 5, 2);
  });

  test('rows of the day know yesterday: they are built for the day, not for the day before', async () => {
    // As of yesterday the last run of trainer 1 was 13 days ago; a join of the day finds no such row at all.
    const [days, runs] = await ofAsh('trainer_days_since_last_run, trainer_runs_14d');
    expectNumber(days, 1, 13);
    expectNumber(runs, 2, 1);
  });

  test('each row has the history of its own day, not one snapshot', async () => {
    const found = [];
    for (const date of [
      '2024-04-21',
      '2024-05-31',
      '2024-06-05',
      '2024-06-06',
      '2024-06-19',
      DAY,
    ]) {
      found.push((await ofAsh('career_runs', date))[0]);
    }
    // One snapshot would give 6, or 5, to all of them.
    expect(found).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('runs without a position', () => {
  test('a horse that was pulled up is last, not better than the winner', async () => {
    const [ewma, position] = await ofAsh('form_ewma, last5_avg_pos');
    // Newest first: PU 0, second of five ¾, then three wins. W = 1 + .6 + .36 + .216 + .1296.
    const weights = 2.3056;
    const earlier = 0.6 * 0.75 + 0.36 + 0.216 + 0.1296;
    // A position of 0 would make it 1 − (0 − 1)/3 = 4/3.
    expectNumber(ewma, earlier / weights, (4 / 3 + earlier) / weights);
    expectNumber(position, (1 + 1 + 1 + 2) / 4, (1 + 1 + 1 + 2 + 0) / 5);
  });

  test('it counts as a run, and in the field it ran in', async () => {
    const [runs, rate] = await trainer1('runs_14d, sr_14d');
    // Without it: n 1, w 0, p0 .2, (0 + 2)/11.
    expectNumber(runs, 2, 1);
    expectNumber(rate, 2.25 / 12, 2 / 11);
    // Second of four is 1 − 1/3; of three finishers it would be ½.
    const [share] = await numbers(
      `select finish_pct from runs where horse_id = 'Elm' and race_date = '2024-06-19'`,
    );
    expectNumber(share, 2 / 3, 1 / 2);
  });
});

describe('entities', () => {
  test('a bias is measured against what was expected of its runs, never against a rate that knows the future', async () => {
    const [value, sample] = await numbers(
      `select win_iv_365d, sample_size_365d from course_going_bias
       where attribute = 'low_draw' and as_of_date = '${DAY}'`,
    );
    // Stall 1 of four, five and four: wins of Ash and Birch. Σe0 .25 + .2 + .25 = .7: (2 + 20)/(.7 + 20).
    // With the day and later: three more wins, Σe0 .7 + .25 + .25 + 1/3: 25/(20 + 23/15).
    expectNumber(value, 22 / 20.7, 25 / (20 + 23 / 15));
    // As a ratio of win rates: (2/3)/(9 winners of 30 runners).
    expect(value).not.toBeCloseTo(2 / 3 / 0.3, 4);
    expectNumber(sample, 3, 6);
  });

  test('an idle trainer has a row: no runs, and the rate of the field', async () => {
    const [runs, rate] = await numbers(
      `select runs_90d, sr_90d from trainer_velocity where trainer_id = 'T5' and as_of_date = '${DAY}'`,
    );
    // The six races of the 365 days have Σe0 1 each over 19 runs. Left out, the row would be missing; a 0 would say it never wins.
    expectNumber(runs, 0, 1);
    expectNumber(rate, 6 / 19, 0);
    const [joined] = await numbers(
      `select trainer_sr_90d from training_dataset where horse_id = 'Cedar' and as_of_date = '${DAY}'`,
    );
    expectNumber(joined, 6 / 19, 0);
  });

  test('the defaults of a debutant are the same in training and on the card', async () => {
    const select = 'elo, elo_runs, form_recency, career_sr';
    const trained = await numbers(
      `select ${select} from training_dataset where horse_id = 'Ivy' and as_of_date = '${DAY}'`,
    );
    const served = await numbers(`select ${select} from race_card where horse_id = 'Juniper'`);
    // An older server began at 1200.
    expect(trained.slice(0, 3)).toEqual([1500, 0, 0.5]);
    expect(served.slice(0, 3)).toEqual([1500, 0, 0.5]);
    // A day later the field's mean has two races of four more: 8/27.
    expectNumber(trained[3], 6 / 19, 0);
    expectNumber(served[3], 8 / 27, 6 / 19);
  });
});

describe('Elo', () => {
  const elo = async (horse: string, date: string) =>
    (
      await numbers(
        `select elo from horse_elo where horse_id = '${horse}' and as_of_date = '${date}'`,
      )
    )[0];

  /** What is expected of a rating against another. */
  const expected = (mine: number, theirs: number) => 1 / (1 + 10 ** ((theirs - mine) / 400));

  test('ratings of a race are those before the day', async () => {
    // 1500 each, Ash won: 28 · (1 − ½) = 14. Earned in the race of 31 May it would be the next test's.
    expectNumber(await elo(ASH, '2024-05-31'), 1514, 1514 + 28 * (1 - expected(1514, 1486)));
  });

  test('beating the same opponent again gives less, and nothing is lost', async () => {
    // 10^(−28/400) = .851138, expected 1/1.851138 = .540208, 28 · .459792 = 12.8742; without the opponent 14 again.
    const found = await elo(ASH, '2024-06-05');
    expectNumber(found, 1514 + 28 * (1 - expected(1514, 1486)), 1528);
    expect(found).toBeCloseTo(1526.8742, 3);
    expect((found ?? 0) + ((await elo(BIRCH, '2024-06-05')) ?? 0)).toBeCloseTo(3000, 9);
  });
});

describe('columns', () => {
  test('history stands also where the race of the day has no such data', async () => {
    // First calls 1 of 4 and 2 of 5; neither yesterday nor today has any.
    const [share, runs] = await ofAsh('early_pos_share_avg, sectional_runs');
    expectNumber(share, (1 / 4 + 2 / 5) / 2, 1 / 4);
    expect(runs).toBe(2);
  });

  test('shrinkage is one formula: equal histories give equal rates', async () => {
    // Ash is all that trainer and jockey 1 have had: n 5, w 3, Σe0 1.7. Shrunk to the field's 6/19 it would be another.
    const rates = await ofAsh(
      'trainer_sr_365d, jockey_sr_365d, combo_sr, career_sr, trainer_horse_sr, jockey_horse_sr, trainer_course_sr',
    );
    for (const rate of rates) expectNumber(rate, 6.4 / 15, (3 + 60 / 19) / 15);
  });

  test('a drop in class is negative', async () => {
    const [change] = await ofAsh('class_change');
    expectNumber(change, 50 - 60, 60 - 50);
    const [row] = await ask(
      `select class_step_down, class_step_up from training_dataset where horse_id = 'Ash' and as_of_date = '${DAY}'`,
    );
    expect(row).toEqual([true, false]);
  });

  test('the final price of the day decides nothing but the label value', async () => {
    // Everyone at 3.0 instead of 3.5 on the day.
    const priced = RACES.map((race) =>
      race.date === DAY ? { ...race, odds: 3, number: race.number ?? 1 } : race,
    );
    const other = mkdtempSync(join(tmpdir(), 'velo-mistakes-'));
    try {
      const again = await buildIn(other, priced);
      const select = (columns: string) =>
        `select ${columns} from training_dataset where as_of_date <= '${DAY}' order by race_id, horse_id`;
      expect(await again(select('* exclude (value)'))).toEqual(
        await ask(select('* exclude (value)')),
      );
      const values = async (from: typeof ask) =>
        (await from(select('value').replace('<=', '='))).flat().map(Number);
      // Ash and Hazel: 3.5 − 1 and 3 − 1.
      expect(await values(ask)).toEqual([-1, -1, -1, 2.5, 2.5, -1, -1, -1]);
      expect(await values(again)).toEqual([-1, -1, -1, 2, 2, -1, -1, -1]);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  }, 120_000);
});
