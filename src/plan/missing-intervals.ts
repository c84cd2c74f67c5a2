import type { AsOf } from '../core/as-of.ts';
import { addGrains, floorToGrain, formatInterval } from '../core/grain.ts';
import { type Interval, mergeIntervals, subtractIntervals } from '../core/interval.ts';
import type { Reason } from '../core/plan.ts';

export interface Missing {
  readonly intervals: readonly Interval[];
  readonly reasons: readonly Reason[];
}

/**
 * Asked minus finished, and why: what lies after the newest finished date was asked for, what lies
 * before it is a gap. New dates take the `lookback` grains before them along.
 */
export function missingIntervals(
  asOf: AsOf,
  asOfEnd: number,
  finished: readonly Interval[],
): Missing {
  const { begin, grain, lookback } = asOf;
  const end = floorToGrain(asOfEnd, grain);
  if (end <= begin) return { intervals: [], reasons: [] };
  const missing = subtractIntervals({ start: begin, end }, finished);
  const newest = finished.at(-1)?.end;
  const reasons = missing.map((interval): Reason => {
    const text = formatInterval(interval, grain);
    if (newest === undefined) return { code: 'new', text };
    return interval.start >= newest ? { code: 'asked', text } : { code: 'gap', text };
  });
  const last = missing.at(-1);
  if (lookback === 0 || newest === undefined || !last || last.start < newest) {
    return { intervals: missing, reasons };
  }
  const start = Math.max(begin, addGrains(last.start, -lookback, grain));
  const again: Reason = {
    code: 'lookback',
    text: formatInterval({ start, end: last.start }, grain),
  };
  return {
    intervals: mergeIntervals([...missing, { start, end: last.end }]),
    reasons: [...reasons, again],
  };
}
