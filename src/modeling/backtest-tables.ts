import type { TypedColumn, TypedColumns } from '../core/columns.ts';
import type { Figure } from '../core/model-version.ts';
import type { Estimate } from '../metrics/bootstrap.ts';
import type { BacktestResult } from '../settlement/backtest.ts';
import { equityCurve } from '../settlement/equity.ts';
import type { BacktestSummary } from '../settlement/summary.ts';

/** Tables of a backtest by what stands behind the node's name: '' is the node's own, one row a bet. */
export type BacktestTables = Readonly<
  Record<'' | '_daily' | '_summary' | '_bands' | '_calibration', TypedColumns>
>;

export const backtestTables = (
  result: BacktestResult,
  summary: BacktestSummary,
  bank: number,
): BacktestTables => ({
  '': betColumns(result),
  _daily: dailyColumns(result, bank),
  _summary: summaryColumns(figuresOf(summary, result)),
  _bands: bandColumns(summary),
  _calibration: calibrationColumns(summary),
});

/** Every number of a summary by name, in the order people read them. */
export function figuresOf(
  summary: BacktestSummary,
  { skipped }: BacktestResult,
): readonly Figure[] {
  const { roi } = summary;
  const plain = (name: keyof BacktestSummary, shown: string = name): Figure => ({
    name: shown,
    value: finite(summary[name] as number),
  });
  return [
    plain('bets'),
    plain('voids'),
    plain('days'),
    plain('turnover'),
    plain('commission'),
    plain('pnl'),
    plain('return'),
    { name: 'roi', ...estimated(roi) },
    plain('sharpe', 'sharpe_daily'),
    plain('sortino', 'sortino_daily'),
    plain('maxDrawdown', 'max_drawdown'),
    plain('winRate', 'win_rate'),
    plain('averageWin', 'average_win'),
    plain('averageLoss', 'average_loss'),
    plain('profitFactor', 'profit_factor'),
    plain('clv'),
    ...Object.entries(skipped).map(([reason, count]) => ({
      name: `skipped_${reason}`,
      value: count,
    })),
  ];
}

const estimated = ({ value, lower, upper }: Estimate): Omit<Figure, 'name'> => ({
  value: finite(value),
  ...(Number.isFinite(lower) && Number.isFinite(upper) ? { lower, upper } : {}),
});

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const text = (values: readonly string[]): TypedColumn => ({ type: 'VARCHAR', values });

const double = (values: Iterable<number | undefined>): TypedColumn => ({
  type: 'DOUBLE',
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
});

const integer = (values: readonly number[]): TypedColumn => ({
  type: 'INTEGER',
  values: Int32Array.from(values),
});

const date = (days: readonly number[]): TypedColumn => ({
  type: 'DATE',
  values: Int32Array.from(days),
});

const instant = (ms: readonly number[]): TypedColumn => ({
  type: 'TIMESTAMP',
  values: BigInt64Array.from(ms, (one) => BigInt(Math.round(one * 1000))),
});

function betColumns({ bets }: BacktestResult): TypedColumns {
  return {
    bet_id: text(bets.map(({ betId }) => betId)),
    race_id: text(bets.map(({ raceId }) => raceId)),
    race_date: date(bets.map(({ day }) => day)),
    decision_ts: instant(bets.map(({ decisionMs }) => decisionMs)),
    settled_ts: instant(bets.map(({ settledMs }) => settledMs)),
    side: text(bets.map(({ side }) => side)),
    p: double(bets.map(({ p }) => p)),
    odds: double(bets.map(({ odds }) => odds)),
    stake: double(bets.map(({ stake }) => stake)),
    at_risk: double(bets.map(({ atRisk }) => atRisk)),
    bank: double(bets.map(({ bank }) => bank)),
    gross: double(bets.map(({ gross }) => gross)),
    commission: double(bets.map(({ commission }) => commission)),
    pnl: double(bets.map(({ pnl }) => pnl)),
    is_void: { type: 'BOOLEAN', values: Uint8Array.from(bets, (bet) => Number(bet.void)) },
    won: integer(bets.map(({ won }) => won)),
    clv: double(bets.map(({ clv }) => clv)),
  };
}

function dailyColumns(result: BacktestResult, bank: number): TypedColumns {
  const curve = equityCurve(result, bank);
  return {
    race_date: date(curve.map(({ day }) => day)),
    bets: integer(curve.map(({ bets }) => bets)),
    staked: double(curve.map(({ staked }) => staked)),
    pnl: double(curve.map(({ pnl }) => pnl)),
    equity: double(curve.map(({ equity }) => equity)),
    drawdown: double(curve.map(({ drawdown }) => drawdown)),
  };
}

function summaryColumns(figures: readonly Figure[]): TypedColumns {
  return {
    figure: text(figures.map(({ name }) => name)),
    value: double(figures.map(({ value }) => value)),
    lower: double(figures.map(({ lower }) => lower)),
    upper: double(figures.map(({ upper }) => upper)),
  };
}

function bandColumns({ actualOverExpected: bands }: BacktestSummary): TypedColumns {
  return {
    odds_from: double(bands.map(({ from }) => from)),
    odds_to: double(bands.map(({ to }) => finite(to))),
    bets: integer(bands.map(({ rows }) => rows)),
    won: integer(bands.map(({ actual }) => actual)),
    expected: double(bands.map(({ expected }) => expected)),
    ae: double(bands.map(({ ratio }) => finite(ratio.value))),
    ae_lower: double(bands.map(({ ratio }) => finite(ratio.lower))),
    ae_upper: double(bands.map(({ ratio }) => finite(ratio.upper))),
  };
}

function calibrationColumns({ calibration: bins }: BacktestSummary): TypedColumns {
  return {
    p_from: double(bins.map(({ lowest }) => lowest)),
    p_to: double(bins.map(({ highest }) => highest)),
    bets: integer(bins.map(({ rows }) => rows)),
    mean_p: double(bins.map(({ meanPrediction }) => meanPrediction)),
    won_rate: double(bins.map(({ meanTarget }) => meanTarget)),
  };
}
