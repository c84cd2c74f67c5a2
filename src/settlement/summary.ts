import { groupRows } from '../core/row-groups.ts';
import { actualOverExpected, type PriceBand } from '../metrics/actual-over-expected.ts';
import {
  type BootstrapOptions,
  bootstrap,
  type Estimate,
  estimate,
  type Sample,
} from '../metrics/bootstrap.ts';
import { type CalibrationBin, calibrationTable } from '../metrics/calibration-table.ts';
import { meanMeasure } from '../metrics/metric.ts';
import type { BacktestResult } from './backtest.ts';
import type { Bet } from './bet.ts';
import { type EquityDay, equityCurve } from './equity.ts';

/** What a backtest came to. Money in the unit of the bank; NaN where there is nothing to divide by. */
export interface BacktestSummary {
  readonly bets: number;
  /** Non-runners, whose stakes were returned; they are in no number below. */
  readonly voids: number;
  readonly days: number;
  /** Σ stakes. */
  readonly turnover: number;
  readonly commission: number;
  readonly pnl: number;
  /** P&L over the first bank. */
  readonly return: number;
  /** P&L over turnover, with its interval by day. */
  readonly roi: Estimate;
  /** Mean of the daily P&L by its (population) standard deviation, not annualised. */
  readonly sharpe: number;
  /** Mean of the daily P&L by the root mean square of its losses. */
  readonly sortino: number;
  /** The largest fall of daily equity from its highest until then, a share of that. */
  readonly maxDrawdown: number;
  /** Share of the bets that gained. */
  readonly winRate: number;
  readonly averageWin: number;
  /** Below 0. */
  readonly averageLoss: number;
  /** Σ gains over Σ losses. */
  readonly profitFactor: number;
  /** Mean closing line value of the bets with a closing price. */
  readonly clv: number;
  /** A/E by band of the odds taken, expected by the probability bet on. */
  readonly actualOverExpected: readonly PriceBand[];
  readonly calibration: readonly CalibrationBin[];
}

/** Sums up a backtest. `options`: of the intervals. */
export function summarise(
  result: BacktestResult,
  bank: number,
  options: BootstrapOptions,
): BacktestSummary {
  const curve = equityCurve(result, bank);
  const bets = result.bets.filter((bet) => !bet.void);
  const pnl = sum(bets.map((bet) => bet.pnl));
  const wins = bets.map((bet) => bet.pnl).filter((value) => value > 0);
  const losses = bets.map((bet) => bet.pnl).filter((value) => value < 0);
  return {
    bets: bets.length,
    voids: result.bets.length - bets.length,
    days: curve.length,
    turnover: sum(bets.map((bet) => bet.stake)),
    commission: sum(bets.map((bet) => bet.commission)),
    pnl,
    return: pnl / bank,
    roi: returnOnTurnover(curve, options),
    ...riskOf(curve),
    winRate: wins.length / bets.length,
    averageWin: mean(wins),
    averageLoss: mean(losses),
    profitFactor: losses.length > 0 ? sum(wins) / -sum(losses) : Number.NaN,
    clv: mean(bets.map((bet) => bet.clv).filter((value) => !Number.isNaN(value))),
    ...tablesOf(bets, options),
  };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function returnOnTurnover(curve: readonly EquityDay[], options: BootstrapOptions): Estimate {
  const measure = meanMeasure(curve.length, (add) => {
    for (const [i, { pnl, staked }] of curve.entries()) add(i, pnl, staked);
  });
  const [sample] = bootstrap([measure], curve.length, options);
  return estimate(sample as Sample);
}

/** On daily P&L: bets of a day win and lose together, and their number is the bettor's choice. */
function riskOf(curve: readonly EquityDay[]) {
  const daily = curve.map(({ pnl }) => pnl);
  const average = mean(daily);
  const deviation = Math.sqrt(mean(daily.map((pnl) => (pnl - average) ** 2)));
  const downside = Math.sqrt(mean(daily.map((pnl) => Math.min(0, pnl) ** 2)));
  return {
    // Equal days differ by rounding alone.
    sharpe: deviation > 1e-12 * Math.abs(average) ? average / deviation : Number.NaN,
    sortino: downside > 0 ? average / downside : Number.NaN,
    maxDrawdown: curve.reduce((most, { drawdown }) => Math.max(most, drawdown), 0),
  };
}

function tablesOf(bets: readonly Bet[], options: BootstrapOptions) {
  const expected = Float64Array.from(bets, ({ p }) => p);
  const y = bets.map(({ won }) => won);
  const odds = Float64Array.from(bets, (bet) => bet.odds);
  const days = groupRows(bets.map(({ day }) => day));
  return {
    actualOverExpected: actualOverExpected({ y, expected, odds, days }, options),
    calibration: calibrationTable(expected, y),
  };
}
