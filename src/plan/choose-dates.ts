import { floorToGrain, type Grain, splitByGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import { seededRandom } from '../core/random.ts';

/** All dates, so many of them, or these instants (epoch milliseconds UTC). */
export type AskedDates = 'all' | number | readonly number[];

export interface DateChoice {
  /** The dates there are; its ends lie on grain boundaries. */
  readonly span: Interval;
  readonly grain: Grain;
  /** Dates known to have rows; undefined when that is not known. */
  readonly withRows?: ReadonlySet<number> | undefined;
  readonly asked: AskedDates;
  readonly seed: number;
}

/** One date in so many is one without rows: that nothing is made there is to be seen, too. */
const ONE_EMPTY_IN = 10;

/**
 * Starts of the chosen grains, in order. A sample is spread evenly over the span, and is the same for the same seed;
 * dates without rows are few in it, as long as there are others.
 */
export function chooseDates({ span, grain, withRows, asked, seed }: DateChoice): number[] {
  const all = splitByGrains(span, 1, grain).map(({ start }) => start);
  if (asked === 'all') return all;
  if (typeof asked !== 'number') {
    const wanted = new Set(asked.map((instant) => floorToGrain(instant, grain)));
    return all.filter((date) => wanted.has(date));
  }
  const full = all.filter((date) => withRows?.has(date) ?? true);
  const empty = all.filter((date) => !(withRows?.has(date) ?? true));
  const wantedEmpty = Math.max(Math.floor(asked / ONE_EMPTY_IN), asked - full.length);
  const emptyCount = Math.min(wantedEmpty, empty.length);
  const random = seededRandom(seed);
  const chosen = [
    ...spread(full, asked - emptyCount, random),
    ...spread(empty, emptyCount, random),
  ];
  return chosen.sort((a, b) => a - b);
}

/** `count` of the dates, one of each part of equal length; all when there are no more. */
function spread(dates: readonly number[], count: number, random: () => number): number[] {
  if (count >= dates.length) return [...dates];
  return Array.from({ length: count }, (_, part) => {
    const first = Math.floor((part * dates.length) / count);
    const next = Math.floor(((part + 1) * dates.length) / count);
    return dates[first + Math.floor(random() * (next - first))] as number;
  });
}
