import type { AsOf } from '../core/as-of.ts';
import { splitByGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';

/** Grains a statement: a number, or everything at once. */
export type BatchSize = AsOf['batchSize'];

/** The statements of a backfill: one for each interval, or pieces of the asked number of grains. */
export function batchesOf(
  intervals: readonly Interval[],
  asOf: AsOf,
  asked: BatchSize | undefined,
): Interval[] {
  const size = asOf.dependsOnPast ? 1 : (asked ?? asOf.batchSize);
  if (typeof size !== 'number') return [...intervals];
  return intervals.flatMap((interval) =>
    interval.start === interval.end ? [interval] : splitByGrains(interval, size, asOf.grain),
  );
}
