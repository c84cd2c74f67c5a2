import type { Materialization } from './materialization.ts';
import { table } from './table.ts';

/** One row a bet; the daily curve and the summary stand beside it. */
export const backtest: Materialization = { ...table, name: 'backtest' };
