import type { BacktestSettings } from '../settlement/settings.ts';

/** Columns of a backtest's SELECT by their part. */
export interface BetColumns {
  /** What tells the rows apart. */
  readonly key: readonly string[];
  readonly race: string;
  /** Day of the race. */
  readonly date: string;
  readonly probability: string;
  readonly odds: string;
  readonly position: string;
  readonly decision: string;
  /** When the result was known; the end of the race's day when there is no such column. */
  readonly settled: string | undefined;
  readonly priceTime: string | undefined;
  readonly closingOdds: string | undefined;
  readonly side: string | undefined;
  /** False for a horse that did not start. */
  readonly runner: string | undefined;
  /** How many share the position; counted among the rows of the race when there is no such column. */
  readonly tied: string | undefined;
  readonly rule4: string | undefined;
  /** Of each-way bets: all three, or none. */
  readonly eachWay:
    | { readonly places: string; readonly fraction: string; readonly pPlace: string }
    | undefined;
}

export interface BacktestRequest {
  readonly columns: BetColumns;
  readonly settings: BacktestSettings;
  readonly seed: number;
}
