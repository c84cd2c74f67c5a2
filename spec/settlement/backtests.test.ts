import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/settlement/backtest.ts';
import type { Candidate } from '../../src/settlement/bet.ts';
import type { BacktestSettings } from '../../src/settlement/settings.ts';

type Row = Candidate & { readonly result: { readonly position: number | null | undefined } };

// What a plain simulation in Python makes of the same rows: record.py.
const cases = JSON.parse(
  readFileSync(new URL('expected/backtests.json', import.meta.url), 'utf8'),
) as readonly {
  readonly name: string;
  readonly settings: BacktestSettings;
  readonly rows: readonly Row[];
  readonly bets: readonly {
    readonly betId: string;
    readonly stake: number;
    readonly pnl: number;
  }[];
}[];

describe.each(cases)('$name', ({ settings, rows, bets: expected }) => {
  const candidates: Candidate[] = rows.map((row) => ({
    ...row,
    result: { ...row.result, position: row.result.position ?? undefined },
  }));

  it('makes the same bets with the same stakes and gains', () => {
    const { bets } = backtest(candidates, settings);
    expect(bets.map(({ betId, stake, pnl }) => ({ betId, stake, pnl }))).toEqual(
      expected.map(({ betId, stake, pnl }) => ({
        betId,
        stake: expect.closeTo(stake, 9),
        pnl: expect.closeTo(pnl, 9),
      })),
    );
  });

  it('does not see what comes later: half of the rows make the same first bets', () => {
    const { bets } = backtest(candidates, settings);
    const middle = candidates.map(({ decisionMs }) => decisionMs).toSorted((a, b) => a - b)[
      Math.floor(candidates.length / 2)
    ] as number;
    const first = backtest(
      candidates.filter(({ decisionMs }) => decisionMs <= middle),
      settings,
    ).bets;
    expect(first.map(({ betId, stake }) => [betId, stake])).toEqual(
      bets.slice(0, first.length).map(({ betId, stake }) => [betId, stake]),
    );
  });
});
