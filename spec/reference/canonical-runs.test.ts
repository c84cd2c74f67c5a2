import { describe, expect, test } from 'vitest';
import { race } from './made-races.ts';

describe('canonical runs of made races', () => {
  test('a dead heat of three for first', () => {
    // 8 starters, all at 10.0: positions 1, 1, 1, 4 … 8, 3 places at 1/5.
    const runs = race({ positions: ['1', '1', '1', '4', '5', '6', '7', '8'] });
    expect(runs.map((run) => run.won)).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
    expect(runs.map((run) => run.placed)).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
    expect(runs[0]).toMatchObject({ winners: 3, places_paid: 3, place_fraction: 0.2 });
    // 1·10/3 − 1 = 2.333…; a loser is −1.
    expect(runs[0]?.value).toBeCloseTo(7 / 3, 12);
    expect(runs[7]?.value).toBe(-1);
    // 1 − (4−1)/(8−1) = 4/7.
    expect(runs[3]?.finish_pct).toBeCloseTo(4 / 7, 12);
  });

  test('a dead heat for the last paid place pays both', () => {
    // 6 starters pay 2 places; two share second.
    const runs = race({ positions: ['1', '2', '2', '4', '5', 'PU'] });
    expect(runs.map((run) => run.placed)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(runs[5]).toMatchObject({ finish_pct: 0, won: 0, pos_num: null, status: 'PU' });
  });

  test('a race in which all pulled up has no result', () => {
    const runs = race({ positions: ['PU', 'PU', 'F'] });
    for (const run of runs) {
      expect(run).toMatchObject({ has_result: false, is_starter: true, starters: 3 });
      expect(run).toMatchObject({ won: null, placed: null, finish_pct: null, value: null });
    }
  });

  test('withdrawn entries do not count as starters but carry the number of them', () => {
    const runs = race({ positions: ['1', '2', 'WD', '3'] });
    expect(runs[2]).toMatchObject({ is_starter: false, starters: 3, e0: null, won: null });
    expect(runs[2]).toMatchObject({ odds: null, market_e: null, stall_third: null });
    expect(runs[0]?.e0).toBeCloseTo(1 / 3, 12);
  });

  test('one starter: no finish percentage, no place part', () => {
    const [run] = race({ positions: ['1'] });
    expect(run).toMatchObject({ finish_pct: null, places_paid: 1, place_fraction: null });
    expect(run).toMatchObject({ won: 1, placed: 1, e0: 1, e0_place: 1 });
  });
});

describe('canonical runs: prices, stalls, terms and times', () => {
  test('market chances need a complete book', () => {
    // 1/2 + 1/4 + 1/4 = 1, and 1/2 + 1/2 + 1/2 = 1.5 → 1/3 each.
    const fair = race({ positions: ['1', '2', '3'], odds: [2, 4, 4] });
    expect(fair.map((run) => run.market_e)).toEqual([0.5, 0.25, 0.25]);
    const over = race({ positions: ['1', '2', '3'], odds: [2, 2, 2] });
    expect(over[0]?.market_e).toBeCloseTo(1 / 3, 12);
    expect(over.map((run) => run.is_favourite)).toEqual([true, true, true]);
    const holed = race({ positions: ['1', '2', '3'], odds: [2, null, 4] });
    expect(holed.map((run) => run.market_e)).toEqual([null, null, null]);
    expect(holed.map((run) => run.is_favourite)).toEqual([true, false, false]);
  });

  test('stall thirds by integers, with a stall above the number of starters', () => {
    // 7 starters: 3·2 ≤ 7 low, 3·3 > 7; 3·4 ≤ 14 mid, 3·5 > 14 high; stall 9 exists after
    // two withdrawals and is high.
    const runs = race({
      positions: ['1', '2', '3', '4', '5', '6', '7', 'WD', 'WD'],
      draws: [1, 2, 3, 4, 5, 9, null, 6, 7],
    });
    const thirds = runs.slice(0, 7).map((run) => run.stall_third);
    expect(thirds).toEqual(['low', 'low', 'mid', 'mid', 'high', 'high', null]);
  });

  test('handicaps of 11, 12, 15 and 16 starters', () => {
    const terms = [11, 12, 15, 16].map((starters) => {
      const positions = Array.from({ length: starters }, (_, index) => String(index + 1));
      const [run] = race({ positions, isHandicap: true });
      return [run?.places_paid, run?.place_fraction];
    });
    expect(terms).toEqual([
      [3, 0.2],
      [3, 0.25],
      [3, 0.25],
      [4, 0.25],
    ]);
  });

  test('a time over 1.25 times the winner’s is no time', () => {
    // 1.25·80 = 100: 100 stays, 100.01 goes.
    const runs = race({ positions: ['1', '2', '3'], times: [80, 100, 100.01] });
    expect(runs.map((run) => run.finish_time_s)).toEqual([80, 100, null]);
  });

  test('section times as z within the race', () => {
    // 10, 12, 14: mean 12, population variance 8/3.
    const runs = race({ positions: ['1', '2', '3'], earlyTimes: [10, 12, 14] });
    const sigma = Math.sqrt(8 / 3);
    expect(runs[0]?.sec_z_early).toBeCloseTo(-2 / sigma, 12);
    expect(runs[1]?.sec_z_early).toBeCloseTo(0, 12);
    const level = race({ positions: ['1', '2', '3'], earlyTimes: [12.1, 12.1, 12.1] });
    expect(level[0]?.sec_z_early).toBeNull();
    const alone = race({ positions: ['1', '2', '3'], earlyTimes: [12, null, null] });
    expect(alone[0]?.sec_z_early).toBeNull();
  });

  test('distance bands', () => {
    const bands = [1199, 1200, 1600, 2000, null].map(
      (metres) => race({ positions: ['1', '2'], distance: metres })[0]?.distance_band,
    );
    expect(bands).toEqual(['sprint', 'mile', 'middle', 'staying', 'unknown']);
  });
});
