import { expect, test } from 'vitest';
import type { AsOf } from '../core/as-of.ts';
import type { Interval } from '../core/interval.ts';
import { type BatchSize, batchesOf } from './batching.ts';

const day = (number: number): number => Date.UTC(2024, 0, number);
const range = (first: number, end: number): Interval => ({ start: day(first), end: day(end) });
const asOf: AsOf = {
  column: 'd',
  grain: 'day',
  begin: day(1),
  lookback: 0,
  batchSize: 'auto',
  dependsOnPast: false,
};
const gaps = [range(1, 4), range(10, 12)];

test.each<[string, Partial<AsOf>, BatchSize | undefined, Interval[]]>([
  ['auto: an interval a statement', {}, undefined, gaps],
  ['all, though a number is configured', { batchSize: 1 }, 'all', gaps],
  ['the configured number', { batchSize: 2 }, undefined, [range(1, 3), range(3, 4), range(10, 12)]],
  [
    'the asked number, though another is configured',
    { batchSize: 1 },
    2,
    [range(1, 3), range(3, 4), range(10, 12)],
  ],
  ['more than there are', {}, 100, gaps],
  [
    'one grain a statement when the past counts, whatever is asked',
    { dependsOnPast: true },
    'all',
    [range(1, 2), range(2, 3), range(3, 4), range(10, 11), range(11, 12)],
  ],
])('%s', (_, given, asked, expected) => {
  expect(batchesOf(gaps, { ...asOf, ...given }, asked)).toEqual(expected);
});

test('an empty interval stays one statement: it makes an empty table', () => {
  expect(batchesOf([range(1, 1)], asOf, 1)).toEqual([range(1, 1)]);
});
