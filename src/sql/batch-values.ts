import type { Grain } from '../core/grain.ts';
import { addGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import { instantOf } from './instants.ts';
import type { Expression, Query } from './tree.ts';

/** A constant that follows the range: `as_of.start` or `as_of.end`, and how far from it. */
export interface BatchValue {
  readonly side: 'start' | 'end';
  readonly offsetMs: number;
}

/** The constants that follow the range, by their place in the first tree; `differs`: what else changes with it. */
export interface BatchValues {
  readonly values: ReadonlyMap<Expression, BatchValue>;
  readonly differs: { readonly at: number | undefined } | undefined;
  /** Some are months or years away from the range: by a few days more or less. */
  readonly isRough: boolean;
}

/** Two ranges whose starts and ends lie apart by different lengths, so that a date tells which it follows. */
export function twoRanges(begin: number, grain: Grain): readonly [Interval, Interval] {
  const later = addGrains(begin, 100, grain);
  return [
    { start: begin, end: addGrains(begin, 1, grain) },
    { start: later, end: addGrains(later, 37, grain) },
  ];
}

/** By how much lengths in months and years differ. */
export const ROUGH_MS = 4 * 86_400_000;

/** Compares a query rendered for two ranges, as `twoRanges` makes them. Pure. */
export function batchValues(
  [first, second]: readonly [Query, Query],
  ranges: readonly [Interval, Interval],
): BatchValues {
  const values = new Map<Expression, BatchValue>();
  let differs: BatchValues['differs'];
  let isRough = false;
  const compare = (a: unknown, b: unknown, at: number | undefined): void => {
    if (a === b) return;
    const value = followed(a, b, ranges);
    if (value) {
      values.set(a as Expression, value);
      isRough ||= value.isRough;
      return;
    }
    if (!isObject(a) || !isObject(b)) {
      differs ??= { at };
      return;
    }
    const here = typeof a['at'] === 'number' ? a['at'] : at;
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (key !== 'at') compare(a[key], b[key], here);
    }
  };
  compare(first, second, undefined);
  return { values, differs, isRough };
}

/** Two constants that follow the ranges they were rendered for. */
function followed(
  a: unknown,
  b: unknown,
  [one, other]: readonly [Interval, Interval],
): (BatchValue & { readonly isRough: boolean }) | undefined {
  const [x, y] = [instantIn(a), instantIn(b)];
  if (x === undefined || y === undefined || x === y) return undefined;
  for (const tolerance of [0, ROUGH_MS]) {
    for (const side of ['start', 'end'] as const) {
      const [near, far] = [x - one[side], y - other[side]];
      const isRough = tolerance > 0;
      // The shorter history is the one to count on.
      if (Math.abs(near - far) <= tolerance)
        return { side, offsetMs: Math.max(near, far), isRough };
    }
  }
  return undefined;
}

const instantIn = (value: unknown): number | undefined =>
  isObject(value) && value['kind'] === 'constant' ? instantOf(value['value']) : undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
