import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interval, mergeIntervals, subtractIntervals } from './interval.ts';

const interval = fc
  .tuple(fc.nat(40), fc.nat(12))
  .map(([start, length]): Interval => ({ start, end: start + length }));

/** The points an interval holds, one by one: what every statement below is checked against. */
const points = (intervals: readonly Interval[]): number[] => {
  const all = intervals.flatMap(({ start, end }) =>
    Array.from({ length: end - start }, (_, i) => start + i),
  );
  return [...new Set(all)].sort((a, b) => a - b);
};

/** In order, and neither touching nor overlapping. */
const isTidy = (intervals: readonly Interval[]): boolean =>
  intervals.every(({ start }, i) => i === 0 || start > (intervals[i - 1]?.end ?? 0));

describe('mergeIntervals', () => {
  test('holds the same points, tidily, in any order', () => {
    fc.assert(
      fc.property(fc.array(interval), (given) => {
        const merged = mergeIntervals(given);
        expect(points(merged)).toEqual(points(given));
        expect(isTidy(merged)).toBe(true);
      }),
    );
  });

  test('merged again it stays as it is, and the argument is left alone', () => {
    fc.assert(
      fc.property(fc.array(interval), (given) => {
        const frozen = Object.freeze(given.map((one) => Object.freeze(one)));
        const merged = mergeIntervals(frozen);
        expect(mergeIntervals(merged)).toEqual(merged);
      }),
    );
  });
});

describe('subtractIntervals', () => {
  test('leaves the points that are not done', () => {
    fc.assert(
      fc.property(interval, fc.array(interval), (from, done) => {
        const left = subtractIntervals(from, done);
        const doneSet = new Set(points(done));
        expect(points(left)).toEqual(points([from]).filter((point) => !doneSet.has(point)));
        expect(isTidy(left)).toBe(true);
        expect(left.every(({ start, end }) => start < end)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, Interval[], Interval[]]>([
    ['nothing', [], [{ start: 10, end: 20 }]],
    ['all of it', [{ start: 0, end: 30 }], []],
    [
      'its middle',
      [{ start: 12, end: 15 }],
      [
        { start: 10, end: 12 },
        { start: 15, end: 20 },
      ],
    ],
    [
      'neighbours',
      [
        { start: 0, end: 10 },
        { start: 20, end: 30 },
      ],
      [{ start: 10, end: 20 }],
    ],
    ['an empty interval', [{ start: 15, end: 15 }], [{ start: 10, end: 20 }]],
  ])('without %s', (_, done, left) => {
    expect(subtractIntervals({ start: 10, end: 20 }, done)).toEqual(left);
  });
});
