import type { AsOf } from '../core/as-of.ts';
import { addGrains, formatInterval } from '../core/grain.ts';
import { type Interval, intersect, mergeIntervals, subtractIntervals } from '../core/interval.ts';
import type { Reason } from '../core/plan.ts';

export interface Missing {
  readonly intervals: readonly Interval[];
  readonly reasons: readonly Reason[];
}

/**
 * Asked minus finished, and why: what lies after the newest finished date was asked for, what lies
 * before it is a gap. New dates take the dates `lookback` grains before them along.
 * `asked` begins and ends on grains of the model.
 */
export function missingIntervals(
  { grain, lookback }: Pick<AsOf, 'grain' | 'lookback'>,
  asked: Interval,
  finished: readonly Interval[],
): Missing {
  if (asked.end <= asked.start) return { intervals: [], reasons: [] };
  const missing = subtractIntervals(asked, finished);
  const newest = finished.at(-1)?.end;
  const reasons = missing.map((interval): Reason => {
    const text = formatInterval(interval, grain);
    if (newest === undefined) return { code: 'new', text };
    return interval.start >= newest ? { code: 'asked', text } : { code: 'gap', text };
  });
  const last = missing.at(-1);
  if (newest === undefined || !last || last.start < newest) return { intervals: missing, reasons };
  const shifted = lookback.map((count) => ({
    start: addGrains(last.start, -count, grain),
    end: addGrains(last.end, -count, grain),
  }));
  const again = intersect(shifted, [{ start: asked.start, end: last.start }]);
  return {
    intervals: mergeIntervals([...missing, ...again]),
    reasons: [
      ...reasons,
      ...again.map((one): Reason => ({ code: 'lookback', text: formatInterval(one, grain) })),
    ],
  };
}
