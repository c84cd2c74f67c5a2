import type { VeloError, VeloErrors } from './errors.ts';
import type { Interval } from './interval.ts';
import type { NodeId } from './node.ts';
import type { RowDifferences } from './row-differences.ts';

/** What rows built day by day are compared with. */
export type BuiltWay = 'set-based' | 'published';

/** The rows of some dates, built day by day (left) and otherwise (right). */
export interface WayComparison {
  readonly way: BuiltWay;
  /** How many dates were compared. */
  readonly dates: number;
  readonly differences: RowDifferences;
}

/** What is not compared, and why not. */
export interface NotCompared {
  readonly way: BuiltWay;
  readonly reason: string;
}

/** What became of one as_of model. */
export interface Verification {
  readonly node: NodeId;
  /** `skipped`: there was nothing to compare. */
  readonly status: 'equal' | 'different' | 'skipped' | 'error';
  /** The dates the model has rows for; undefined when it could not be looked at. */
  readonly span: Interval | undefined;
  /** Starts of the dates that were built, in order. */
  readonly dates: readonly number[];
  /** Rows of these dates, built day by day. */
  readonly rows: number;
  readonly comparisons: readonly WayComparison[];
  readonly notCompared: readonly NotCompared[];
  readonly error: VeloError | VeloErrors | undefined;
  readonly durationMs: number;
}
