import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../core/row-groups.ts';
import { eachWayKelly, kelly } from './kelly.ts';
import { kellyStakes } from './kelly-stakes.ts';
import { HENERY, placeProbabilities, placeProbabilitiesWithin } from './place-probabilities.ts';
import { cappedStake } from './stake-caps.ts';
import { eachWayValue, edge, expectedValue, fairOdds, layEdge, layExpectedValue } from './value.ts';

describe('by hand', () => {
  it.each([
    ['fair odds of .25', fairOdds(0.25), 4],
    ['edge of .3 at 4: .3·4 − 1', edge(0.3, 4), 0.2],
    ['the layer’s edge is the backer’s turned round', layEdge(0.3, 4), -0.2],
    ['EV of .3 at 4, 5 %: .3·3·.95 − .7', expectedValue(0.3, 4, 0.05), 0.155],
    ['EV of laying .2 at 4, 5 %: .8·.95 − .2·3', layExpectedValue(0.2, 4, 0.05), 0.16],
    ['Kelly of .3 at 4: (.3·4 − 1)/3', kelly(0.3, 4, 0), 0.2 / 3],
    ['Kelly with 10 %: b = 2.7, (.3·3.7 − 1)/2.7', kelly(0.3, 4, 0.1), 0.11 / 2.7],
    ['Kelly without an edge', kelly(0.2, 4, 0), 0],
    ['Kelly at odds of 1, where nothing is won', kelly(0.9, 1, 0), 0],
    // ½(.1·11 − 1) + ½(.35·(1 + 10/5) − 1) = ½·.1 + ½·.05
    ['each-way EV', eachWayValue(0.1, 0.35, 11, 0.2), 0.075],
    [
      'each-way Kelly without an edge',
      eachWayKelly({ pWin: 0.05, pPlace: 0.2, odds: 11, fraction: 0.2, commission: 0 }),
      0,
    ],
  ])('%s', (_, value, expected) => {
    expect(value).toBeCloseTo(expected, 14);
  });

  it('two places of three runners: .5 + .3·.5/.7 + .2·.5/.8', () => {
    const placed = placeProbabilities(Float64Array.of(0.5, 0.3, 0.2), 2);
    expect(placed[0]).toBeCloseTo(0.5 + (0.3 * 0.5) / 0.7 + (0.2 * 0.5) / 0.8, 15);
  });

  it('a certain winner: the others share the second place', () => {
    expect([...placeProbabilities(Float64Array.of(1, 0, 0), 2)]).toEqual([1, 0.5, 0.5]);
  });

  it('races without place bets have none; a withdrawn horse is no runner', () => {
    const win = Float64Array.of(0.6, 0.4, 0.5, Number.NaN, 0.5);
    const placed = placeProbabilitiesWithin(win, groupRows([1, 1, 2, 2, 2]), [0, 0, 2, 2, 2]);
    expect([...placed]).toEqual([Number.NaN, Number.NaN, 1, Number.NaN, 1]);
  });

  it.each([0, 5, 1.5])('%d places are refused', (places) => {
    expect(() => placeProbabilities(Float64Array.of(0.5, 0.5), places)).toThrow(
      'place probabilities of',
    );
  });
});

describe('for any field', () => {
  const field = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 9 });

  it('place probabilities sum to the places, keep the order of win and grow with places', () => {
    fc.assert(
      fc.property(field, fc.integer({ min: 2, max: 4 }), (strengths, places) => {
        const win = Float64Array.from(strengths);
        const placed = placeProbabilities(win, places, HENERY);
        const fewer = placeProbabilities(win, places - 1, HENERY);
        const sum = placed.reduce((total, p) => total + p, 0);
        expect(sum).toBeCloseTo(Math.min(places, strengths.length), 10);
        for (const [i, p] of placed.entries()) {
          expect(p).toBeGreaterThanOrEqual((fewer[i] ?? 0) - 1e-12);
          for (const [j, other] of placed.entries()) {
            if ((strengths[i] ?? 0) > (strengths[j] ?? 0))
              expect(p).toBeGreaterThanOrEqual(other - 1e-12);
          }
        }
      }),
    );
  });
});

describe('stakes', () => {
  it.each([
    // wanted, caps, at risk → of a bank of 1000
    ['as wanted', 0.05, {}, { inRace: 0, onDay: 0 }, 50],
    ['cap per bet', 0.05, { perBet: 0.02 }, { inRace: 0, onDay: 0 }, 20],
    ['what the race leaves', 0.05, { perRace: 0.06 }, { inRace: 45, onDay: 45 }, 15],
    ['what the day leaves', 0.05, { perDay: 0.1 }, { inRace: 0, onDay: 92 }, 8],
    ['nothing left', 0.05, { perDay: 0.1 }, { inRace: 0, onDay: 120 }, 0],
    ['nothing known', Number.NaN, {}, { inRace: 0, onDay: 0 }, 0],
  ])('%s', (_, wanted, caps, atRisk, expected) => {
    expect(cappedStake(wanted, 1000, caps, atRisk)).toBeCloseTo(expected, 12);
  });

  it('a spent bank bets nothing', () => {
    expect(cappedStake(0.1, -5, {}, { inRace: 0, onDay: 0 })).toBe(0);
  });

  it('of a card, in order, by hand', () => {
    // Full Kelly: (.3·4−1)/3 = .0667, (.6·2−1)/1 = .2, none, no price; a half of each, .05 a race
    const stakes = kellyStakes(
      {
        p: Float64Array.of(0.3, 0.6, 0.1, 0.5),
        odds: Float64Array.of(4, 2, 4, Number.NaN),
        race: ['a', 'a', 'a', 'b'],
        day: [1, 1, 1, 1],
      },
      { fraction: 0.5, commission: 0, caps: { perRace: 0.05 } },
    );
    expect([...stakes]).toEqual([
      expect.closeTo(1 / 30, 14),
      expect.closeTo(0.05 - 1 / 30, 14),
      0,
      0,
    ]);
  });

  it('never above a cap', () => {
    const bet = fc.record({
      p: fc.double({ min: 0, max: 1, noNaN: true }),
      odds: fc.double({ min: 1, max: 100, noNaN: true }),
      race: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(bet, { maxLength: 20 }), (bets) => {
        const caps = { perBet: 0.03, perRace: 0.05, perDay: 0.08 };
        const race = bets.map((one) => one.race);
        const day = race.map((r) => r % 2);
        const stakes = kellyStakes(
          {
            p: Float64Array.from(bets, ({ p }) => p),
            odds: Float64Array.from(bets, ({ odds }) => odds),
            race,
            day,
          },
          { commission: 0.02, caps },
        );
        const sums = (keys: readonly number[]) =>
          [...new Set(keys)].map((key) =>
            stakes.reduce((sum, stake, row) => (keys[row] === key ? sum + stake : sum), 0),
          );
        expect(Math.max(0, ...stakes)).toBeLessThanOrEqual(caps.perBet);
        expect(Math.max(0, ...sums(race))).toBeLessThanOrEqual(caps.perRace + 1e-15);
        expect(Math.max(0, ...sums(day))).toBeLessThanOrEqual(caps.perDay + 1e-15);
        expect(stakes.every((stake) => stake >= 0)).toBe(true);
      }),
    );
  });
});
