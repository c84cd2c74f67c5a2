import type { AsOf } from '../core/as-of.ts';
import { countGrains, formatInterval, splitByGrains } from '../core/grain.ts';
import { type Interval, mergeIntervals } from '../core/interval.ts';
import type { NodeState } from '../core/node-state.ts';
import type { AsOfStep } from '../core/plan.ts';

/** Grains a statement: a number, or everything at once. */
export type BatchSize = AsOf['batchSize'];

export interface BatchingInput {
  /** What the command line asks for; it wins over the model's setting. */
  readonly asked: BatchSize | undefined;
  /** Bytes a statement may take; undefined: as many as it likes. */
  readonly budgetBytes: number | undefined;
  /** From which rows a grain are known. */
  readonly state: NodeState | undefined;
}

export interface Batches extends Pick<AsOfStep, 'strategy' | 'strategyWhy'> {
  readonly batches: readonly Interval[];
}

/**
 * A row of features with what the engine holds of it while windows over it are computed. Measured on the racing tables:
 * 200 to 700 bytes; too high a figure only makes more statements.
 */
const BYTES_PER_ROW = 1000;

/** The statements of a backfill: one for each interval, or pieces of some grains, and why. */
export function batchesOf(
  intervals: readonly Interval[],
  asOf: AsOf,
  { asked, budgetBytes, state }: BatchingInput,
): Batches {
  if (asOf.dependsOnPast) {
    const why = 'depends_on_past: one grain after the other';
    return { batches: cut(intervals, asOf, 1), strategy: 'sequential', strategyWhy: why };
  }
  const size = asked ?? asOf.batchSize;
  const origin = asked === undefined ? 'batch_size' : '--batch-size';
  if (typeof size === 'number') return chunked(intervals, asOf, size, `${origin} ${size}`);
  const grains = size === 'auto' ? grainsInBudget(asOf, state, budgetBytes) : undefined;
  if (grains !== undefined && intervals.some((one) => countGrains(one, asOf.grain) > grains)) {
    return chunked(intervals, asOf, grains, `more would pass the memory budget`);
  }
  return { batches: intervals, strategy: 'set-based', strategyWhy: `${origin} ${size}` };
}

function chunked(
  intervals: readonly Interval[],
  asOf: AsOf,
  size: number,
  strategyWhy: string,
): Batches {
  return { batches: cut(intervals, asOf, size), strategy: 'chunked', strategyWhy };
}

const cut = (intervals: readonly Interval[], { grain }: AsOf, size: number): Interval[] =>
  intervals.flatMap((interval) =>
    interval.start === interval.end ? [interval] : splitByGrains(interval, size, grain),
  );

function grainsInBudget(
  asOf: AsOf,
  state: NodeState | undefined,
  budgetBytes: number | undefined,
): number | undefined {
  const perGrain = rowsPerGrain(asOf, state);
  if (budgetBytes === undefined || perGrain === undefined || perGrain === 0) return undefined;
  return Math.max(1, Math.floor(budgetBytes / (perGrain * BYTES_PER_ROW)));
}

/** Rows a grain has had so far; undefined before the first build. */
export function rowsPerGrain({ grain }: AsOf, state: NodeState | undefined): number | undefined {
  if (state?.totalRows === undefined) return undefined;
  const grains = grainsOf(state.ranges, grain);
  return grains === 0 ? undefined : state.totalRows / grains;
}

/** How many grains some ranges hold together. */
export const grainsOf = (ranges: readonly Interval[], grain: AsOf['grain']): number =>
  ranges.reduce((sum, range) => sum + countGrains(range, grain), 0);

/** Ranges as people say them: `2024-01-01 … 2024-01-05, 2024-02-01`. */
export const formatRanges = (ranges: readonly Interval[], grain: AsOf['grain']): string =>
  mergeIntervals(ranges)
    .map((range) => formatInterval(range, grain))
    .join(', ');
