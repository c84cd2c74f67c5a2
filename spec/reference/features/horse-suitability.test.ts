import { describe, expect, test } from 'vitest';
import { day, race } from '../made-races.ts';
import type { Run } from '../run.ts';
import { horseSuitability } from './horse-suitability.ts';

const asOf = '2024-03-15';

/** h1 today: course A, 1200 m (mile band), stall 1 of 4 (low), 130 lb. */
const today = race({
  date: asOf,
  positions: [null, null, null, null],
  weights: [130, null, null, null],
});

const rowOf = (history: readonly Run[]) =>
  horseSuitability(history, today, day(asOf)).find((row) => row['horse_id'] === 'h1') ?? {};

/** A race of four that h1 finishes at `position`, from stall 1 with `weight` lb. */
const ran = (date: string, position: 1 | 2, weight: number, more = {}) =>
  race({
    date,
    positions: position === 1 ? ['1', '2', '3', '4'] : ['2', '1', '3', '4'],
    weights: [weight, null, null, null],
    ...more,
  });

describe('horse suitability', () => {
  test('a debutant', () => {
    expect(rowOf([])).toMatchObject({
      distance_m_change: null,
      weight_diff_max_won: null,
      course_distance_runs: 0,
      course_distance_sr: null,
      going_finish_pct_avg: null,
      is_course_distance_specialist: false,
    });
  });

  test('weights against the last run, the career, the places and the wins', () => {
    const row = rowOf([
      ...ran('2024-01-01', 1, 126),
      ...ran('2024-02-01', 1, 128),
      ...ran('2024-03-01', 2, 136),
    ]);
    // With four starters only the winner is placed. 130 − 136; 130 − 390/3; 130 − 254/2; 130 − 128.
    expect(row).toMatchObject({
      weight_change: -6,
      weight_diff_career: 0,
      weight_diff_placed: 3,
      weight_diff_max_won: 2,
    });
  });

  test('course and distance, by band; the other course is another', () => {
    const row = rowOf([
      ...ran('2024-01-01', 1, 126, { distance: 1400 }),
      ...ran('2024-02-01', 1, 126),
      ...ran('2024-02-10', 2, 126, { course: 'B' }),
      ...ran('2024-03-01', 2, 126, { distance: 1000 }),
    ]);
    // There: 2 of 2 in fields of four, (2 + 10/4)/12 = .375; career 2 of 4, (2 + 2.5)/14.
    expect(row).toMatchObject({ course_distance_runs: 2, course_distance_wins: 2 });
    expect(row['course_distance_sr']).toBeCloseTo(0.375, 12);
    expect(row['course_distance_sr_diff']).toBeCloseTo(0.375 - 4.5 / 14, 12);
    expect(row).toMatchObject({
      is_course_distance_specialist: true,
      is_distance_specialist: true,
    });
    // Placed (won) over 1400 and 1200 m: 1200 − 1300. Last 1000 m: + 200.
    expect(row).toMatchObject({ distance_m_diff_placed: -100, distance_m_change: 200 });
    // Finishes of the mile band: 1, 1, ⅔ of the way; the 1000 m are a sprint.
    expect(row['distance_finish_pct_avg']).toBeCloseTo((1 + 1 + 2 / 3) / 3, 12);
  });

  test('two wins everywhere make no specialist; one win neither', () => {
    const everywhere = rowOf([...ran('2024-01-01', 1, 126), ...ran('2024-02-01', 1, 126)]);
    expect(everywhere).toMatchObject({ is_course_specialist: false, is_going_specialist: false });
    const once = rowOf([
      ...ran('2024-01-01', 1, 126),
      ...ran('2024-02-01', 2, 126, { course: 'B' }),
    ]);
    expect(once).toMatchObject({ is_course_specialist: false });
  });

  test('stalls by thirds; the day itself is out', () => {
    const row = rowOf([
      ...ran('2024-01-01', 1, 126),
      ...race({ date: '2024-02-01', positions: ['1', '2', '3', '4'], draws: [4, 1, 2, 3] }),
      ...ran(asOf, 1, 126),
    ]);
    expect(row).toMatchObject({ stall_runs: 1, stall_wins: 1, course_distance_runs: 2 });
  });
});
