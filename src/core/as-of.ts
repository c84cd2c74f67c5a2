import type { Grain } from './grain.ts';

/** The as_of settings of a model (engine.md §5), checked and with defaults. */
export interface AsOf {
  /** Column that holds the as_of date. */
  readonly column: string;
  readonly grain: Grain;
  /** First as_of instant, epoch milliseconds UTC. */
  readonly begin: number;
  /** Grains before the newest that are built again on every run. */
  readonly lookback: number;
  /** 'auto' and 'all': one statement a backfill; a number: that many grains a statement. */
  readonly batchSize: 'auto' | 'all' | number;
  /** Batches run in order and may read `this`. */
  readonly dependsOnPast: boolean;
}
