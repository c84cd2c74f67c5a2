import { addGrains, type Grain } from './grain.ts';

/** What happens to finished dates when a model's code changes. */
export type OnChange = 'rebuild' | 'forward_only' | 'fail';

/**
 * Whether a date's rows are the same whichever dates are built with it. `check`: unless the SQL shows it, some dates are
 * built alone, too, and compared. `assume`: they are. `never`: they are not, so each date is a statement of its own.
 */
export type Separable = 'assume' | 'check' | 'never';

/** The as_of settings of a model (engine.md §5), checked and with defaults. */
export interface AsOf {
  /** Column that holds the as_of date. */
  readonly column: string;
  readonly grain: Grain;
  /** First as_of instant, epoch milliseconds UTC. */
  readonly begin: number;
  /** How many grains before each new one are built again: `[1, 2]` the two before it, `[7]` that of a week ago. */
  readonly lookback: readonly number[];
  /** 'auto': one statement a range unless memory is short; 'all': one; a number: that many grains a statement. */
  readonly batchSize: 'auto' | 'all' | number;
  /** Batches run in order and may read `this`. */
  readonly dependsOnPast: boolean;
  readonly onChange: OnChange;
  /** Absent: `check`, and what speaks against it is a warning. */
  readonly separable?: Separable | undefined;
  /** Its rows are of cards not yet run: it is built up to tomorrow. */
  readonly ahead: boolean;
}

/** Days from the end of what is asked for to the end of what models `ahead` build: today and tomorrow. */
const AHEAD_DAYS = 2;

/** End of what is asked of a model, exclusive, when `asOfEnd` is that of the run. */
export const endFor = ({ ahead }: AsOf, asOfEnd: number): number =>
  ahead ? addGrains(asOfEnd, AHEAD_DAYS, 'day') : asOfEnd;
