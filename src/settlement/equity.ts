import type { BacktestResult } from './backtest.ts';

/** One day of the equity curve; money in the unit of the bank. */
export interface EquityDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly bets: number;
  /** Void bets are not counted. */
  readonly staked: number;
  readonly pnl: number;
  /** The bank after the day's bets have settled. */
  readonly equity: number;
  /** How far equity is below its highest until then, a share of that. */
  readonly drawdown: number;
}

/** The daily equity curve: every day with a row of the backtest, its P&L that of the bets on its races. */
export function equityCurve({ bets, days }: BacktestResult, bank: number): EquityDay[] {
  const byDay = new Map(days.map((day) => [day, { bets: 0, staked: 0, pnl: 0 }]));
  for (const bet of bets) {
    const entry = byDay.get(bet.day);
    if (!entry) continue;
    entry.bets += 1;
    entry.staked += bet.void ? 0 : bet.stake;
    entry.pnl += bet.pnl;
  }
  let equity = bank;
  let peak = bank;
  return [...byDay].map(([day, entry]) => {
    equity += entry.pnl;
    peak = Math.max(peak, equity);
    return { day, ...entry, equity, drawdown: 1 - equity / peak };
  });
}
