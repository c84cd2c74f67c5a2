import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest } from './backtest.ts';
import type { Candidate } from './bet.ts';
import { candidate } from './candidate-fixture.ts';
import { equityCurve } from './equity.ts';
import { closingLineValue, priceTaken } from './price-taken.ts';
import type { BacktestSettings } from './settings.ts';
import { summarise } from './summary.ts';

const HOUR = 3_600_000;
const flat: BacktestSettings = {
  bank: 1000,
  bankroll: 'flat',
  staking: { method: 'flat', amount: 10 },
  commission: 0,
};
const settings = (changes: Partial<BacktestSettings>): BacktestSettings => ({
  ...flat,
  ...changes,
});

describe('the bank', () => {
  const day = 20_000;
  const at = (hour: number) => day * 24 * HOUR + hour * HOUR;
  // Won at noon: 10·3; the next are decided before and after its race is settled.
  const first = candidate({ result: { position: 1 } });
  const before = candidate({ betId: 'b', raceId: 'R2', decisionMs: at(12) - 1, settledMs: at(13) });
  const when = candidate({ betId: 'c', raceId: 'R3', decisionMs: at(12), settledMs: at(14) });

  it('compound has what has settled by decision_ts, flat never', () => {
    const banks = (bankroll: 'flat' | 'compound') =>
      backtest([first, before, when], settings({ bankroll })).bets.map(({ bank }) => bank);
    expect(banks('compound')).toEqual([1000, 1000, 1030]);
    expect(banks('flat')).toEqual([1000, 1000, 1000]);
  });

  it('a race settles when the last of its rows does', () => {
    const late = candidate({ betId: 'z', result: { runner: false }, settledMs: at(12.5) });
    const banks = backtest([first, late, when], settings({ bankroll: 'compound' })).bets;
    expect(banks.find(({ betId }) => betId === 'c')?.bank).toBe(1000);
  });

  it('the daily stop counts settled losses of the day', () => {
    const rows = [0, 1, 2, 3].map((hour) =>
      candidate({
        betId: `${hour}`,
        raceId: `R${hour}`,
        decisionMs: at(hour),
        settledMs: at(hour) + HOUR / 2,
      }),
    );
    const next = candidate({
      betId: '9',
      raceId: 'R9',
      day: day + 1,
      decisionMs: at(30),
      settledMs: at(31),
    });
    const { bets, skipped } = backtest([...rows, next], settings({ rules: { dailyStop: 0.02 } }));
    // 10 and 10 are 2 % of 1000; the next day bets again
    expect(bets.map(({ betId }) => betId)).toEqual(['0', '1', '9']);
    expect(skipped).toEqual({ daily_stop: 2 });
  });
});

describe('rules and stakes', () => {
  it('bets are taken in the order decision_ts, bet_id', () => {
    const rows = ['c', 'a', 'b'].map((betId) => candidate({ betId }));
    const early = candidate({ betId: 'z', decisionMs: rows[0] ? rows[0].decisionMs - 1 : 0 });
    const { bets, skipped } = backtest([...rows, early], settings({ rules: { maxPerRace: 2 } }));
    expect(bets.map(({ betId }) => betId)).toEqual(['z', 'a']);
    expect(skipped).toEqual({ race_limit: 2 });
  });

  it.each([
    ['no price', candidate({ odds: Number.NaN }), {}, 'no_price'],
    ['edge of .2 under .25', candidate(), { rules: { minEdge: 0.25 } }, 'edge'],
    ['too short', candidate(), { rules: { minOdds: 4.5 } }, 'odds'],
    ['too long', candidate(), { rules: { maxOdds: 3 } }, 'odds'],
    ['a day’s bets are made', candidate(), { rules: { maxPerDay: 1 } }, 'day_limit'],
    ['under the smallest stake', candidate(), { rules: { minStake: 11 } }, 'stake'],
    ['no Kelly stake', candidate({ p: 0.2 }), { staking: { method: 'kelly' } }, 'stake'],
  ] as const)('skips: %s', (_, row, changes, reason) => {
    const first = candidate({ betId: '0', raceId: 'R0', p: 0.9, decisionMs: 0 });
    const rows = reason === 'day_limit' ? [first, row] : [row];
    expect(backtest(rows, settings(changes)).skipped).toEqual({ [reason]: 1 });
  });

  it('a lay risks its liability, within the caps', () => {
    const row = candidate({ side: 'lay', p: 0.1, odds: 5 });
    const staking = { method: 'fixed', fraction: 0.05, maxStake: 0.02 };
    const [bet] = backtest([row], settings({ staking })).bets;
    expect(bet).toMatchObject({ atRisk: 20, stake: 5, pnl: 5 });
  });

  it('Kelly with commission, by hand: ¼ of (.3·(2.85+1) − 1)/2.85 of 1000', () => {
    const [bet] = backtest(
      [candidate()],
      settings({ commission: 0.05, staking: { method: 'kelly' } }),
    ).bets;
    expect(bet?.stake).toBeCloseTo((250 * (0.3 * 3.85 - 1)) / 2.85, 10);
  });

  it('never more at risk than the caps, whatever comes', () => {
    const row = fc.record({
      race: fc.integer({ min: 0, max: 5 }),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
      odds: fc.double({ min: 1.01, max: 50, noNaN: true }),
      side: fc.constantFrom('back', 'lay'),
      position: fc.constantFrom(1, 2, undefined),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const candidates = rows.map(({ race, position, ...rest }, i) =>
          candidate({
            ...rest,
            betId: `${i}`,
            raceId: `R${race}`,
            day: 20_000 + (race % 2),
            result: { position },
          }),
        );
        const staking = { method: 'kelly', maxStake: 0.03, maxRace: 0.05, maxDay: 0.08 };
        const { bets } = backtest(candidates, settings({ staking }));
        const risk = (key: (bet: (typeof bets)[number]) => unknown, value: unknown) =>
          bets.filter((bet) => key(bet) === value).reduce((sum, { atRisk }) => sum + atRisk, 0);
        for (const bet of bets) {
          expect(bet.atRisk).toBeLessThanOrEqual(30 + 1e-9);
          expect(risk(({ raceId }) => raceId, bet.raceId)).toBeLessThanOrEqual(50 + 1e-9);
          expect(risk((one) => one.day, bet.day)).toBeLessThanOrEqual(80 + 1e-9);
        }
      }),
    );
  });
});

describe('mistakes of the older systems', () => {
  it('each-way is not settled at double stake: 10 each-way costs 10', () => {
    const row = candidate({
      eachWay: { places: 3, fraction: 0.2, pPlace: 0.6 },
      result: { position: 7 },
    });
    expect(backtest([row], flat).bets[0]).toMatchObject({ stake: 10, pnl: -10 });
  });

  it('Sharpe is of days: the same bet in ten pieces has the same', () => {
    const days = [1, 5, 2, 7, 1].map((position, i) => ({ day: 20_000 + i, result: { position } }));
    const whole = days.map((one, i) => candidate({ ...one, betId: `${i}`, raceId: `R${i}` }));
    const pieces = whole.flatMap((one) =>
      Array.from({ length: 10 }, (_, k) => ({ ...one, betId: `${one.betId}-${k}` })),
    );
    const sharpe = (rows: readonly Candidate[], amount: number) =>
      summarise(backtest(rows, settings({ staking: { method: 'flat', amount } })), 1000, {
        seed: 1,
      }).sharpe;
    // By hand: daily P&L 30, −10, −10, −10, 30: mean 6, σ √384
    expect(sharpe(whole, 10)).toBeCloseTo(6 / Math.sqrt(384), 12);
    expect(sharpe(pieces, 1)).toBeCloseTo(6 / Math.sqrt(384), 12);
  });

  it('slippage never improves the price', () => {
    expect(priceTaken('back', 5, 0.1)).toBeCloseTo(4.6, 12);
    expect(priceTaken('lay', 5, 0.1)).toBeCloseTo(5.4, 12);
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 999, noNaN: true }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (odds, slip) => {
          expect(priceTaken('back', odds, slip)).toBeLessThanOrEqual(odds);
          expect(priceTaken('lay', odds, slip)).toBeGreaterThanOrEqual(odds);
        },
      ),
    );
    expect(() => backtest([], settings({ slippage: -0.01 }))).toThrow('slippage is -0.01');
  });

  it('the closing price is compared with and never taken', () => {
    const with_ = (closingOdds: number) =>
      backtest([candidate({ closingOdds, result: { position: 1 } })], flat).bets[0];
    expect(with_(2)).toMatchObject({ odds: 4, pnl: 30, clv: 1 });
    expect(with_(8)).toMatchObject({ odds: 4, pnl: 30, clv: -0.5 });
    expect(closingLineValue('lay', 4, 5)).toBeCloseTo(0.25, 12);
  });
});

describe('the sums, by hand', () => {
  // Day 0: +30 and −10; day 1: −10 and a withdrawn horse; day 2: nothing bet; 5 % commission on the win
  const rows = [
    candidate({ betId: 'a', result: { position: 1 }, closingOdds: 3.2 }),
    candidate({ betId: 'b', raceId: 'R2', closingOdds: 5 }),
    candidate({ betId: 'c', raceId: 'R3', day: 20_001 }),
    candidate({
      betId: 'd',
      raceId: 'R4',
      day: 20_001,
      result: { runner: false, position: undefined },
    }),
    candidate({ betId: 'e', raceId: 'R5', day: 20_002, odds: Number.NaN }),
  ];
  const result = backtest(rows, settings({ commission: 0.05 }));

  it('the equity curve has every day', () => {
    expect(equityCurve(result, 1000)).toEqual([
      { day: 20_000, bets: 2, staked: 20, pnl: 18.5, equity: 1018.5, drawdown: 0 },
      {
        day: 20_001,
        bets: 2,
        staked: 10,
        pnl: -10,
        equity: 1008.5,
        drawdown: expect.closeTo(10 / 1018.5, 12),
      },
      {
        day: 20_002,
        bets: 0,
        staked: 0,
        pnl: 0,
        equity: 1008.5,
        drawdown: expect.closeTo(10 / 1018.5, 12),
      },
    ]);
  });

  it('the summary', () => {
    const summary = summarise(result, 1000, { seed: 7 });
    const daily = [18.5, -10, 0];
    const mean = 8.5 / 3;
    const deviation = Math.sqrt(daily.reduce((sum, pnl) => sum + (pnl - mean) ** 2, 0) / 3);
    expect(summary).toMatchObject({
      bets: 3,
      voids: 1,
      days: 3,
      turnover: 30,
      commission: 1.5,
      pnl: 8.5,
      return: 0.0085,
      sharpe: expect.closeTo(mean / deviation, 12),
      sortino: expect.closeTo(mean / Math.sqrt(100 / 3), 12),
      maxDrawdown: expect.closeTo(10 / 1018.5, 12),
      winRate: 1 / 3,
      averageWin: 28.5,
      averageLoss: -10,
      profitFactor: expect.closeTo(1.425, 12),
      // (4/3.2 − 1 + 4/5 − 1)/2
      clv: expect.closeTo(0.025, 12),
    });
    expect(summary.roi.value).toBeCloseTo(8.5 / 30, 12);
    expect(summary.roi.lower).toBeLessThan(summary.roi.value);
    // All at 4.0: one winner of .9 expected
    expect(summary.actualOverExpected.find(({ from }) => from === 4)).toMatchObject({
      rows: 3,
      actual: 1,
      expected: expect.closeTo(0.9, 12),
    });
  });
});

it('of nothing: no number is made up', () => {
  const summary = summarise(backtest([], flat), 1000, { seed: 1 });
  expect(summary).toMatchObject({
    bets: 0,
    pnl: 0,
    maxDrawdown: 0,
    sharpe: Number.NaN,
    clv: Number.NaN,
  });
  expect(summary.roi).toEqual({ value: Number.NaN, lower: Number.NaN, upper: Number.NaN });
});

describe('refuses', () => {
  it.each([
    [
      'decided when its race was settled',
      candidate({ decisionMs: 2e12 }),
      /^bet a is decided at 2033-05-18T03:33:20.000Z, when its race was settled/,
    ],
    [
      'a price of later',
      candidate({ priceMs: 1.9e12 }),
      /^bet a takes a price of 2030-03-17T17:46:40.000Z, after its decision/,
    ],
    ['a probability that is none', candidate({ p: 1.2 }), /^bet a has the probability 1.2/],
    ['odds that are none', candidate({ odds: 0.5 }), /^bet a has the odds 0.5/],
    [
      'an each-way lay',
      candidate({ side: 'lay', eachWay: { places: 3, fraction: 0.2, pPlace: 0.5 } }),
      /^bet a is an each-way lay/,
    ],
    [
      'no places',
      candidate({ eachWay: { places: 0, fraction: 0.2, pPlace: 0.5 } }),
      /^bet a is each-way with 0 places/,
    ],
    [
      'a place that pays more than a win',
      candidate({ eachWay: { places: 3, fraction: 2, pPlace: 0.5 } }),
      /^bet a is each-way at 2 of the odds/,
    ],
    ['position 0', candidate({ result: { position: 0 } }), /^bet a has the position 0/],
    [
      'a position shared by none',
      candidate({ result: { tied: 0 } }),
      /^bet a has 0 horses in position 2/,
    ],
    [
      'a deduction of all',
      candidate({ result: { rule4: 1 } }),
      /^bet a has the Rule 4 deduction 1/,
    ],
    ['no time', candidate({ settledMs: Number.NaN }), /^bet a has no time/],
  ])('%s', (_, row, message) => {
    expect(() => backtest([row], flat)).toThrow(
      expect.objectContaining({ code: 'unusable-bet', message: expect.stringMatching(message) }),
    );
  });

  it.each<[Partial<BacktestSettings>, string]>([
    [{ bank: 0 }, 'bank is 0'],
    [{ commission: 1 }, 'commission is 1'],
    [{ staking: { method: 'kely' } }, "unknown staking method 'kely'"],
    [{ staking: { method: 'flat' } }, "staking method 'flat' needs 'amount'"],
    [{ staking: { method: 'fixed' } }, "staking method 'fixed' needs 'fraction'"],
    [{ staking: { method: 'kelly', maxStake: 2 } }, 'staking.max_stake is 2'],
    [{ rules: { dailyStop: 5 } }, 'rules.daily_stop is 5'],
    [{ rules: { maxPerRace: 0.5 } }, 'rules.max_per_race is 0.5'],
  ])('%j', (changes, message) => {
    expect(() => backtest([], settings(changes))).toThrow(message);
  });
});
