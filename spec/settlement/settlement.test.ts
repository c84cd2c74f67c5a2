import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/settlement/backtest.ts';
import type { Candidate, EachWay, RaceResult } from '../../src/settlement/bet.ts';
import { type Staked, settle } from '../../src/settlement/settle.ts';
import { makeProject } from '../e2e/velo.ts';

/** 10 on a horse at 9.0 that came in as `position` says. */
const bet = (result: Partial<RaceResult>, more: Partial<Staked> = {}): Staked => ({
  side: 'back',
  stake: 10,
  odds: 9,
  result: { runner: true, position: 1, tied: 1, rule4: 0, ...result },
  ...more,
});
const gain = (staked: Staked): number => settle(staked).reduce((sum, { gross }) => sum + gross, 0);

/** Tattersalls’ Rule 4(c): pence taken of each pound won when a horse of these odds is withdrawn late. */
const BANDS: readonly [withdrawn: string, pence: number, gained: number][] = [
  ['1/9 or shorter', 90, 8],
  ['2/11 to 2/17', 85, 12],
  ['1/4 to 1/5', 80, 16],
  ['3/10 to 2/7', 75, 20],
  ['2/5 to 1/3', 70, 24],
  ['8/15 to 4/9', 65, 28],
  ['8/13 to 4/7', 60, 32],
  ['4/5 to 4/6', 55, 36],
  ['20/21 to 5/6', 50, 40],
  ['evens to 6/5', 45, 44],
  ['5/4 to 6/4', 40, 48],
  ['13/8 to 7/4', 35, 52],
  ['15/8 to 9/4', 30, 56],
  ['5/2 to 3/1', 25, 60],
  ['10/3 to 4/1', 20, 64],
  ['9/2 to 11/2', 15, 68],
  ['6/1 to 9/1', 10, 72],
  ['10/1 to 14/1', 5, 76],
  ['longer than 14/1', 0, 80],
];

describe(`Rule 4: what 10 at 9.0 gains, ${BANDS.length} bands`, () => {
  it.each(BANDS)('a horse at %s was withdrawn: %dp in the pound, %d', (_, pence, gained) => {
    const rule4 = pence / 100;
    expect(gain(bet({ rule4 }))).toBeCloseTo(gained, 12);
    expect(gain(bet({ rule4, position: 2 }))).toBe(-10);
    // Each-way, third: 5 are lost, and 5 win a fifth of what 5 would have won: a tenth of what 10 did.
    const eachWay: EachWay = { places: 3, fraction: 0.2, pPlace: 0.5 };
    expect(gain(bet({ rule4, position: 3 }, { eachWay }))).toBeCloseTo(-5 + gained / 10, 12);
  });
});

/** Gains of 10 by hand: stake·(odds/winners − 1), halves of 5 each-way. */
const DEAD_HEATS: readonly [string, Staked, number][] = [
  ['two win', bet({ tied: 2 }), 35],
  ['three win', bet({ tied: 3 }), 20],
  ['four win', bet({ tied: 4 }), 12.5],
  ['three win, at 2.5 a loss', bet({ tied: 3 }, { odds: 2.5 }), -5 / 3],
  ['three win, laid', bet({ tied: 3 }, { side: 'lay' }), -20],
  ['three win under Rule 4 of 25p: 7.0', bet({ tied: 3, rule4: 0.25 }), 40 / 3],
  [
    'three win, each-way, 3 places: 5·(9/3 − 1) + 5·1.6',
    bet({ tied: 3 }, { eachWay: { places: 3, fraction: 0.2, pPlace: 0.5 } }),
    18,
  ],
  [
    'three win, each-way, 2 places: 10 + 5·(3·2/3 − 1)',
    bet({ tied: 3 }, { eachWay: { places: 2, fraction: 0.25, pPlace: 0.5 } }),
    15,
  ],
  [
    'three tie for the third of 3 places: −5 + 5·(2.6/3 − 1)',
    bet({ position: 3, tied: 3 }, { eachWay: { places: 3, fraction: 0.2, pPlace: 0.5 } }),
    -17 / 3,
  ],
  [
    'two tie for the last of 4 places: −5 + 5·(3/2 − 1)',
    bet({ position: 4, tied: 2 }, { eachWay: { places: 4, fraction: 0.25, pPlace: 0.5 } }),
    -2.5,
  ],
  [
    'three tie for second of 2 places: −5 + 5·(3/3 − 1)',
    bet({ position: 2, tied: 3 }, { eachWay: { places: 2, fraction: 0.25, pPlace: 0.5 } }),
    -5,
  ],
];

describe(`dead heats, ${DEAD_HEATS.length} cases`, () => {
  it.each(DEAD_HEATS)('%s', (_, staked, expected) => {
    expect(gain(staked)).toBeCloseTo(expected, 12);
  });
});

/** By runners: places, fraction (0: none), and what 10 each-way at 9.0 gains on the horse in the last place that is paid. */
const TERMS: readonly [
  runners: number,
  handicap: boolean,
  places: number,
  fraction: number,
  gained: number,
][] = [
  [2, false, 1, 0, 80],
  [4, false, 1, 0, 80],
  [4, true, 1, 0, 80],
  [5, false, 2, 0.25, 5],
  [7, true, 2, 0.25, 5],
  [8, false, 3, 0.2, 3],
  [8, true, 3, 0.2, 3],
  [11, true, 3, 0.2, 3],
  [12, false, 3, 0.2, 3],
  [12, true, 3, 0.25, 5],
  [15, true, 3, 0.25, 5],
  [15, false, 3, 0.2, 3],
  [16, true, 4, 0.25, 5],
  [16, false, 3, 0.2, 3],
  [24, true, 4, 0.25, 5],
];

describe(`each-way terms by runners, ${TERMS.length} cases`, () => {
  it('are those of the macros of the project, and pay so', async () => {
    const project = makeProject({
      'macros/rules.sql': readFileSync(new URL('../../macros/rules.sql', import.meta.url), 'utf8'),
      'models/terms.sql': `{{ config(materialized='table') }}
select n, is_handicap, {{ places_paid('n', 'is_handicap') }} as places, {{ place_fraction('n', 'is_handicap') }} as fraction
from (values ${TERMS.map(([n, handicap]) => `(${n}, ${handicap})`).join(', ')}) as races(n, is_handicap)
`,
    });
    const built = await project.velo(['build']);
    expect([built.exitCode, built.stderr]).toEqual([0, '']);
    const terms = await project.query(
      'select n, is_handicap, places, coalesce(fraction, 0)::double from terms order by rowid',
    );
    expect(terms).toEqual(
      TERMS.map(([n, handicap, places, fraction]) => [n, handicap, places, fraction]),
    );
  });

  it.each(TERMS)('%d runners, handicap %s: %d places at %d', (_, __, places, fraction, gained) => {
    // Without a place part the bet is to win; the last place paid is the first.
    const eachWay = fraction === 0 ? undefined : { places, fraction, pPlace: 0.5 };
    expect(gain(bet({ position: places }, { eachWay }))).toBeCloseTo(gained, 12);
    expect(gain(bet({ position: places + 1 }, { eachWay }))).toBe(-10);
  });

  it('a withdrawal takes eight runners below the terms of three places; its own stake comes back', () => {
    const eight = { places: 3, fraction: 0.2, pPlace: 0.5 };
    const seven = { places: 2, fraction: 0.25, pPlace: 0.4 };
    expect(gain(bet({ position: 3 }, { eachWay: eight }))).toBeCloseTo(3, 12);
    expect(gain(bet({ position: 3 }, { eachWay: seven }))).toBe(-10);
    expect(gain(bet({ position: 2 }, { eachWay: seven }))).toBeCloseTo(5, 12);
    expect(gain(bet({ runner: false, position: undefined }, { eachWay: seven }))).toBe(0);
  });
});

const candidate = (betId: string, more: Partial<Candidate>): Candidate => ({
  betId,
  raceId: 'r1',
  day: 19_000,
  decisionMs: 19_000 * 86_400_000,
  settledMs: 19_001 * 86_400_000,
  side: 'back',
  p: 0.5,
  odds: 5,
  result: { runner: true, position: 2, tied: 1, rule4: 0 },
  ...more,
});
const won = { runner: true, position: 1, tied: 1, rule4: 0 };

/** Bets of 10 at 5 %: gains before and what is taken, worked out by hand. */
const MARKETS: readonly [string, readonly Partial<Candidate>[], readonly number[]][] = [
  ['one that won 40', [{ result: won }], [2]],
  ['40 and a loss of 10: of 30', [{ result: won }, {}], [1.5, 0]],
  ['40 and four losses: nothing', [{ result: won }, {}, {}, {}, {}], [0, 0, 0, 0, 0]],
  ['40 and five losses: nothing', [{ result: won }, {}, {}, {}, {}, {}], [0, 0, 0, 0, 0, 0]],
  ['of two races each by itself', [{ result: won }, { raceId: 'r2' }], [2, 0]],
  [
    'two winners of a dead heat and a loss: 15 + 15 − 10, half each',
    [{ result: { ...won, tied: 2 } }, { result: { ...won, tied: 2 } }, {}],
    [0.5, 0.5, 0],
  ],
  ['a lay that won and a back that lost: 10 − 10', [{ side: 'lay', p: 0.1 }, {}], [0, 0]],
  [
    'places are a market of their own: 20 of the win, 4 of the place',
    [{ result: won, eachWay: { places: 3, fraction: 0.2, pPlace: 0.9 } }],
    [1.2],
  ],
  [
    'a place that pays does not share the loss of the win: 5 % of 4, not of −1',
    [
      {
        result: { ...won, position: 3 },
        eachWay: { places: 3, fraction: 0.2, pPlace: 0.9 },
      },
    ],
    [0.2],
  ],
];

describe(`commission on the net of a market, ${MARKETS.length} cases`, () => {
  it.each(MARKETS)('%s', (_, rows, expected) => {
    const { bets } = backtest(
      rows.map((row, at) => candidate(`bet ${at}`, row)),
      {
        bank: 1000,
        bankroll: 'flat',
        commission: 0.05,
        slippage: 0,
        staking: { method: 'flat', amount: 10 },
        rules: {},
      },
    );
    expect(bets.map(({ commission }) => commission)).toEqual(
      expected.map((value) => expect.closeTo(value, 12)),
    );
  });
});

const CASES = BANDS.length + DEAD_HEATS.length + TERMS.length + MARKETS.length;

it(`${CASES} settlements in all`, () => {
  expect(CASES).toBeGreaterThan(40);
});
