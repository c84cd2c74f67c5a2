import { describe, expect, test } from 'vitest';
import { day, race } from '../made-races.ts';
import type { Row, Run } from '../run.ts';
import { courseGoingBias } from './course-going-bias.ts';
import { drawBias } from './draw-bias.ts';
import { trainingDataset } from './training-dataset.ts';

const asOf = '2024-03-15';
const today = race({ date: asOf, positions: [null, null, null] });

const bias = (history: readonly Run[]): Row => {
  const rows = drawBias(history, today, day(asOf));
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
};

describe('draw bias', () => {
  test('without runs', () => {
    expect(bias([])).toMatchObject({ course: 'A', distance_band: 'mile', going_group: 'good' });
    expect(bias([])).toMatchObject({ draw_iv_low: 1, draw_iv_mid: 1, draw_iv_high: 1 });
    expect(bias([])).toMatchObject({ optimal_range: null, sample_size: 0, z: null });
  });

  test('thirds, z and the best stalls of one race of three', () => {
    const row = bias(race({ date: '2024-03-01', positions: ['1', '2', '3'] }));
    // Stall 1 low: (1 + 20)/(⅓ + 20); the others 20/(⅓ + 20). z = ⅔/√(2/9).
    expect(row['draw_iv_low']).toBeCloseTo(21 / (20 + 1 / 3), 12);
    expect(row['draw_iv_mid']).toBeCloseTo(20 / (20 + 1 / 3), 12);
    expect(row['draw_iv_high']).toBeCloseTo(20 / (20 + 1 / 3), 12);
    expect(row['z']).toBeCloseTo(2 / 3 / Math.sqrt(2 / 9), 12);
    expect(row).toMatchObject({ optimal_range: '1-1', sample_size: 3 });
  });

  test('two winning stalls side by side are better together', () => {
    // Fields of 4 won from stalls 2 and 3: 2-3 has (2 + 20)/(1 + 20) = 1.0476,
    // one of them alone (1 + 20)/(½ + 20) = 1.0244.
    const row = bias([
      ...race({ date: '2024-03-01', positions: ['2', '1', '3', '4'] }),
      ...race({ date: '2024-03-02', positions: ['2', '3', '1', '4'] }),
    ]);
    expect(row['optimal_range']).toBe('2-3');
  });

  test('ties go to the narrowest, then to the lowest', () => {
    // Fields of 4 won from stall 1 and from stall 4: each alone 21/20.5, all four 22/22.
    const tie = [
      ...race({ date: '2024-03-01', positions: ['1', '2', '3', '4'] }),
      ...race({ date: '2024-03-02', positions: ['2', '3', '4', '1'] }),
    ];
    expect(bias(tie)['optimal_range']).toBe('1-1');
    // A dead heat of both in one race: alone 21/20.25 = 1.037, all four (2 + 20)/(1 + 20) = 1.048.
    const deadHeat = race({ date: '2024-03-01', positions: ['1', '3', '4', '1'] });
    expect(bias(deadHeat)['optimal_range']).toBe('1-4');
    // Nobody ran from stall 1 or 3: stall 2 alone equals 1-2, 2-3 and 1-3.
    const holes = race({ date: '2024-03-01', positions: ['1', '2'], draws: [2, 4] });
    expect(bias(holes)['optimal_range']).toBe('2-2');
    // The highest stall seen decides: stalls without any run are as good as neutral.
    const loser = race({ date: '2024-03-01', positions: ['1', '2', '3'], draws: [null, 3, 2] });
    // Stall 1 unseen: 20/20 = 1, stalls 2 and 3 lose: below 1.
    expect(bias(loser)).toMatchObject({ optimal_range: '1-1', sample_size: 2 });
  });

  test('a stall above the number of starters is high; 1095 days', () => {
    const row = bias(race({ date: '2024-03-01', positions: ['1', '2'], draws: [9, null] }));
    expect(row['draw_iv_high']).toBeCloseTo(21 / 20.5, 12);
    expect(row).toMatchObject({ draw_iv_low: 1, z: null, optimal_range: '9-9' });
    // 2021-03-16 is D−1095 (2024 is a leap year), 2021-03-15 D−1096.
    expect(bias(race({ date: '2021-03-16', positions: ['1', '2'] }))['sample_size']).toBe(2);
    expect(bias(race({ date: '2021-03-15', positions: ['1', '2'] }))['sample_size']).toBe(0);
  });
});

describe('course and going bias', () => {
  test('always four rows; runs with the attribute', () => {
    const history = race({
      date: '2024-03-01',
      positions: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
      odds: [2, 2, 20, 20, 20, 20, 20, 20, 20, 20],
      earlyPositions: [3, 2, 1, 4, 5, 6, 7, 8, 9, 10],
    });
    const rows = courseGoingBias(history, today, day(asOf));
    expect(rows.map((row) => row['attribute'])).toEqual([
      'low_draw',
      'high_draw',
      'favourite',
      'front_runner',
    ]);
    const [low, high, favourite, front] = rows;
    // Ten stalls: 1–3 low, 7–10 high (3·6 = 18 ≤ 20 is mid).
    expect(low).toMatchObject({ sample_size_365d: 3, sample_size_1095d: 3 });
    expect(high?.['sample_size_365d']).toBe(4);
    // Joint favourites: one win of .2 expected, (1 + 20)/(.2 + 20); places 2 of 2·3/10.
    expect(favourite?.['win_iv_365d']).toBeCloseTo(21 / 20.2, 12);
    expect(favourite?.['place_iv_365d']).toBeCloseTo(22 / 20.6, 12);
    // z = .8/√(2·.09) = 1.8856 > 1.5.
    expect(favourite?.['z_365d']).toBeCloseTo(0.8 / Math.sqrt(0.18), 12);
    expect(favourite?.['persistence_flag_365d']).toBe(true);
    // Early positions 1 and 2 of ten are in front: no win, both placed.
    expect(front).toMatchObject({ sample_size_365d: 2, persistence_flag_365d: false });
    expect(front?.['place_iv_365d']).toBeCloseTo(22 / 20.6, 12);
  });

  test('the two windows', () => {
    const [low] = courseGoingBias(
      race({ date: '2023-03-01', positions: ['1', '2', '3'] }),
      today,
      day(asOf),
    );
    expect(low).toMatchObject({ sample_size_365d: 0, sample_size_1095d: 1, win_iv_365d: 1 });
    expect(low).toMatchObject({ z_365d: null, persistence_flag_365d: false });
  });
});

describe('training dataset', () => {
  const spine = race({
    date: asOf,
    positions: ['2', '1', '3', 'WD', '4'],
    weights: [120, 126, 120, 130, null],
    odds: [3, 4, 5, null, 6],
    draws: [1, 2, 9, 4, null],
  });
  const history = [...race({ date: '2024-03-01', positions: ['1', '2', '3'] }), ...spine];
  const rows = trainingDataset(history, spine, day(asOf));
  const of = (id: string) => rows.find((row) => row['horse_id'] === id) ?? {};

  test('starters only, with shares of the field', () => {
    expect(rows.map((row) => row['horse_id'])).toEqual(['h1', 'h2', 'h3', 'h5']);
    expect(of('h1')).toMatchObject({ field_size: 4, draw_share: 0.25 });
    expect(of('h3')['draw_share']).toBe(2.25);
    expect(of('h5')['draw_share']).toBeNull();
  });

  test('percent rank with ties and NULL', () => {
    // Weights 120, 126, 120 (130 is withdrawn, one NULL): 0/2, 2/2, 0/2; mean 122.
    expect(of('h1')).toMatchObject({ weight_pct: 0, weight_diff: -2 });
    expect(of('h2')).toMatchObject({ weight_pct: 1, weight_diff: 4 });
    expect(of('h5')).toMatchObject({ weight_pct: null, weight_diff: null });
    // Elo 1514, 1500, 1486 and the debutant's 1500: below 3, 1, 0, 1 of 3.
    expect(of('h1')).toMatchObject({ elo_pct: 1, elo_diff: 14 });
    expect(of('h2')['elo_pct']).toBeCloseTo(1 / 3, 12);
    expect(of('h5')['elo_pct']).toBe(of('h2')['elo_pct']);
    expect(of('h3')).toMatchObject({ elo_pct: 0, elo_diff: -14 });
    // Finish percentages 1, ½, 0 and none.
    expect(of('h2')).toMatchObject({ form_ewma_pct: 0.5, form_ewma_diff: 0 });
  });

  test('alone with a value: percentile 0', () => {
    const alone = race({ date: asOf, positions: [null, null], weights: [120, null] });
    const [first] = trainingDataset([], alone, day(asOf));
    expect(first).toMatchObject({ weight_pct: 0, weight_diff: 0, career_sr_pct: null });
  });

  test('flags', () => {
    expect(of('h1')).toMatchObject({ is_debutant: false, is_first_time_jockey: false });
    expect(of('h1')).toMatchObject({ is_low_sample: true, is_long_absence: false });
    expect(of('h5')).toMatchObject({ is_debutant: true, is_first_time_jockey: true });
    expect(of('h5')['is_long_absence']).toBe(false);
    // 2023-09-17 is D−180, 2023-09-16 D−181.
    const back = (date: string) =>
      trainingDataset(race({ date, positions: ['1', '2'] }), today, day(asOf))[0];
    expect(back('2023-09-17')?.['is_long_absence']).toBe(false);
    expect(back('2023-09-16')?.['is_long_absence']).toBe(true);
  });

  test('labels, NULL while the race has no result', () => {
    expect(of('h2')).toMatchObject({ won: 1, placed: 1, value: 3 });
    expect(of('h1')).toMatchObject({ won: 0, placed: 0, value: -1 });
    const [unrun] = trainingDataset(history, today, day(asOf));
    expect(unrun).toMatchObject({ won: null, placed: null, value: null });
  });
});
