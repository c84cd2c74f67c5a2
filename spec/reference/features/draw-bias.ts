import { impactValue, round9, tally, winZ } from '../formulas.ts';
import type { Day, Row, Run } from '../run.ts';
import { inWindow, joinKey, runsBy } from './history.ts';

const BIAS_DAYS = 1095;

export function drawBias(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const placeOf = (run: Run) => joinKey(run.course, run.distance_band, run.going_group);
  const runsOf = runsBy(history, 'course_distance_going', placeOf);
  const rows = new Map<string, Row>();
  for (const run of spine) {
    const key = placeOf(run);
    if (key === null || rows.has(key)) continue;
    const drawn = inWindow(runsOf.get(key), asOf, BIAS_DAYS).filter((past) => past.draw !== null);
    const third = (name: string) => tally(drawn.filter((past) => past.stall_third === name));
    const [low, mid, high] = [third('low'), third('mid'), third('high')];
    rows.set(key, {
      course: run.course,
      distance_band: run.distance_band,
      going_group: run.going_group,
      as_of_date: asOf,
      draw_iv_low: impactValue(low.wins, low.sumE0),
      draw_iv_mid: impactValue(mid.wins, mid.sumE0),
      draw_iv_high: impactValue(high.wins, high.sumE0),
      optimal_range: optimalRange(drawn),
      sample_size: drawn.length,
      z: winZ(low),
    });
  }
  return [...rows.values()];
}

/** The contiguous stalls of highest impact value; of equals the narrowest, then the lowest. */
function optimalRange(drawn: readonly Run[]): string | null {
  const highestStall = drawn.reduce((highest, run) => Math.max(highest, run.draw ?? 0), 0);
  const stalls: { readonly wins: number; readonly expected: number }[] = [];
  for (let stall = 1; stall <= highestStall; stall += 1) {
    const counts = tally(drawn.filter((run) => run.draw === stall));
    stalls.push({ wins: counts.wins, expected: counts.sumE0 });
  }
  let best: string | null = null;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let width = 1; width <= highestStall; width += 1) {
    for (let from = 1; from + width - 1 <= highestStall; from += 1) {
      const range = stalls.slice(from - 1, from - 1 + width);
      const wins = range.reduce((sum, stall) => sum + stall.wins, 0);
      const expected = range.reduce((sum, stall) => sum + stall.expected, 0);
      const value = round9(impactValue(wins, expected));
      if (value <= bestValue) continue;
      bestValue = value;
      best = `${from}-${from + width - 1}`;
    }
  }
  return best;
}
