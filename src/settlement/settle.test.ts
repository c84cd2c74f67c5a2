import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EachWay, RaceResult } from './bet.ts';
import { commissions, paidShare, type Staked, settle } from './settle.ts';

const ran = (position: number | undefined, changes: Partial<RaceResult> = {}): RaceResult => ({
  runner: true,
  position,
  tied: 1,
  rule4: 0,
  ...changes,
});
const bet = (result: RaceResult, changes: Partial<Staked> = {}): Staked => ({
  side: 'back',
  stake: 10,
  odds: 5,
  result,
  ...changes,
});
const gain = (staked: Staked): number => settle(staked).reduce((sum, { gross }) => sum + gross, 0);
const terms: EachWay = { places: 3, fraction: 0.2, pPlace: 0.5 };

describe('one bet of 10 at 5.0, by hand', () => {
  it.each([
    ['back, won: 10·4', bet(ran(1)), 40],
    ['back, lost', bet(ran(2)), -10],
    ['back, no position', bet(ran(undefined)), -10],
    ['back, dead heat of 2: 10·(5/2 − 1)', bet(ran(1, { tied: 2 })), 15],
    ['back, dead heat of 3: 10·(5/3 − 1)', bet(ran(1, { tied: 3 })), 20 / 3],
    [
      'back, dead heat at short odds loses: 10·(1.5/2 − 1)',
      bet(ran(1, { tied: 2 }), { odds: 1.5 }),
      -2.5,
    ],
    ['back, withdrawn', bet(ran(undefined, { runner: false })), 0],
    ['back, won, 25p in the pound: 10·4·.75', bet(ran(1, { rule4: 0.25 })), 30],
    ['back, lost, Rule 4 gives nothing back', bet(ran(4, { rule4: 0.25 })), -10],
    ['lay, the horse won: −10·4', bet(ran(1), { side: 'lay' }), -40],
    ['lay, the horse lost', bet(ran(2), { side: 'lay' }), 10],
    ['lay, dead heat of 2: −10·(5/2 − 1)', bet(ran(1, { tied: 2 }), { side: 'lay' }), -15],
    ['lay, withdrawn', bet(ran(undefined, { runner: false }), { side: 'lay' }), 0],
    ['lay, won under Rule 4: −10·4·.9', bet(ran(1, { rule4: 0.1 }), { side: 'lay' }), -36],
    // Half of 10 at 5.0, half at 1 + 4/5 = 1.8
    ['each-way, won: 5·4 + 5·.8', bet(ran(1), { eachWay: terms }), 24],
    ['each-way, third: −5 + 5·.8', bet(ran(3), { eachWay: terms }), -1],
    ['each-way, fourth: the stake and not twice it', bet(ran(4), { eachWay: terms }), -10],
    [
      'each-way, two tied third for 3 places: −5 + 5·(1.8/2 − 1)',
      bet(ran(3, { tied: 2 }), { eachWay: terms }),
      -5.5,
    ],
    [
      'each-way, three tied second: 2 of 3 places paid: −5 + 5·(1.8·2/3 − 1)',
      bet(ran(2, { tied: 3 }), { eachWay: terms }),
      -4,
    ],
    [
      'each-way, two tied second: both places paid in full',
      bet(ran(2, { tied: 2 }), { eachWay: terms }),
      -1,
    ],
    [
      'each-way, dead heat to win: 5·(5/2 − 1) + 5·.8',
      bet(ran(1, { tied: 2 }), { eachWay: terms }),
      11.5,
    ],
    [
      'each-way, won, Rule 4 of 25p: odds 4, place 1.6: 5·3 + 5·.6',
      bet(ran(1, { rule4: 0.25 }), { eachWay: terms }),
      18,
    ],
    ['each-way, withdrawn', bet(ran(undefined, { runner: false }), { eachWay: terms }), 0],
  ])('%s', (_, staked, expected) => {
    expect(gain(staked)).toBeCloseTo(expected, 12);
  });
});

describe('the share of a bet that is paid', () => {
  it.each([
    [1, 1, 1, 1],
    [1, 2, 1, 0.5],
    [3, 1, 3, 1],
    [3, 2, 3, 0.5],
    [2, 3, 3, 2 / 3],
    [3, 3, 4, 2 / 3],
    [4, 1, 3, 0],
    [1, 4, 3, 0.75],
  ])('position %d shared by %d, %d places: %d paid', (position, tied, places, share) => {
    expect(paidShare(ran(position, { tied }), places)).toBeCloseTo(share, 15);
  });
});

describe('commission', () => {
  it.each([
    ['on the winnings of one bet', [40], 0.05, [2]],
    ['none on a loss', [-10], 0.05, [0]],
    ['on the net of the market, not on each win', [40, -10], 0.05, [1.5, 0]],
    ['none when the market lost', [40, -50], 0.05, [0, 0]],
    ['in proportion to what won: net 20 of 30 and 10 less 20', [30, 10, -20], 0.1, [1.5, 0.5, 0]],
  ])('%s', (_, gross, rate, expected) => {
    expect(commissions(gross, rate)).toEqual(expected.map((value) => expect.closeTo(value, 12)));
  });
});

describe('for any result', () => {
  const result = fc.record({
    runner: fc.boolean(),
    position: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    tied: fc.integer({ min: 1, max: 4 }),
    rule4: fc.double({ min: 0, max: 0.9, noNaN: true }),
  });
  const odds = fc.double({ min: 1, max: 1000, noNaN: true });

  it('what a backer wins a layer loses', () => {
    fc.assert(
      fc.property(result, odds, (came, price) => {
        const both = (['back', 'lay'] as const).map((side) =>
          gain(bet(came, { side, odds: price })),
        );
        expect((both[0] as number) + (both[1] as number)).toBe(0);
      }),
    );
  });

  it('no bet loses more than its stake, and each-way no more than its total', () => {
    fc.assert(
      fc.property(result, odds, fc.constantFrom(undefined, terms), (came, price, eachWay) => {
        expect(gain(bet(came, { odds: price, eachWay }))).toBeGreaterThanOrEqual(-10);
      }),
    );
  });

  it('the dead-heaters of a position are paid together what the places they fill are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        (position, tied, places) => {
          const filled = Math.max(0, Math.min(places, position + tied - 1) - position + 1);
          expect(tied * paidShare(ran(position, { tied }), places)).toBeCloseTo(filled, 12);
        },
      ),
    );
  });

  it('commission is never above the rate on the net, and only winners are charged', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true })), (gross) => {
        const charged = commissions(gross, 0.05);
        const net = gross.reduce((sum, value) => sum + value, 0);
        expect(charged.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
          0.05 * Math.max(0, net),
          9,
        );
        for (const [i, value] of charged.entries()) if ((gross[i] ?? 0) <= 0) expect(value).toBe(0);
      }),
    );
  });
});
