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
  lookback: [],
  batchSize: 'auto',
  dependsOnPast: false,
  onChange: 'rebuild',
  ahead: false,
};
const NO_PAST = { budgetBytes: undefined, state: undefined };
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
  const { batches } = batchesOf(gaps, { ...asOf, ...given }, { ...NO_PAST, asked });
  expect(batches).toEqual(expected);
});

test('an empty interval stays one statement: it makes an empty table', () => {
  const { batches } = batchesOf([range(1, 1)], asOf, { ...NO_PAST, asked: 1 });
  expect(batches).toEqual([range(1, 1)]);
});

test('auto cuts a range whose rows, as many a day as there were, would pass the budget', () => {
  // 100 rows in 10 days, 1,000 bytes each: 25,000 bytes hold 2.5 days of 10 rows, so two a statement.
  const state = {
    version: 'v',
    fingerprint: {},
    inputs: {},
    seen: {},
    ranges: [range(1, 11)],
    epoch: '',
    rows: 100,
    totalRows: 100,
    durationMs: 5,
  };
  const week = [range(11, 16)];
  const cut = (batchSize: BatchSize, budgetBytes: number | undefined) =>
    batchesOf(week, { ...asOf, batchSize }, { asked: undefined, budgetBytes, state });
  expect(cut('auto', 25_000)).toEqual({
    batches: [range(11, 13), range(13, 15), range(15, 16)],
    strategy: 'chunked',
    strategyWhy: 'more would pass the memory budget',
  });
  expect(cut('auto', 1).batches).toHaveLength(5);
  expect(cut('auto', 60_000)).toMatchObject({ batches: week, strategy: 'set-based' });
  expect(cut('auto', undefined).batches).toEqual(week);
  expect(cut('all', 1).batches).toEqual(week);
});
