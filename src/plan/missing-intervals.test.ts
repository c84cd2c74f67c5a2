import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AsOf } from '../core/as-of.ts';
import { floorToGrain } from '../core/grain.ts';
import { type Interval, mergeIntervals } from '../core/interval.ts';
import { missingIntervals } from './missing-intervals.ts';

const DAY_MS = 86_400_000;
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

const asOf = (given: Partial<AsOf> = {}): AsOf => ({
  column: 'd',
  grain: 'day',
  begin: day('2024-01-01'),
  lookback: [],
  batchSize: 'auto',
  dependsOnPast: false,
  onChange: 'rebuild',
  ahead: false,
  ...given,
});

/** Everything from begin to a date, on the model's grains. */
const until = ({ begin, grain }: AsOf, end: number): Interval => ({
  start: begin,
  end: floorToGrain(end, grain),
});

const back = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const range = (first: string, end: string): Interval => ({ start: day(first), end: day(end) });
const words = (given: ReturnType<typeof missingIntervals>): string[] =>
  given.reasons.map(({ code, text }) => `${code}: ${text}`);

/** Day numbers from `begin`, as a set. */
const daysOf = (intervals: readonly Interval[]): number[] =>
  intervals.flatMap(({ start, end }) =>
    Array.from(
      { length: (end - start) / DAY_MS },
      (_, i) => (start - day('2024-01-01')) / DAY_MS + i,
    ),
  );

const numbered = fc
  .tuple(fc.nat(30), fc.integer({ min: 1, max: 6 }))
  .map(([from, length]): Interval => {
    const start = day('2024-01-01') + from * DAY_MS;
    return { start, end: start + length * DAY_MS };
  });

test('missing is asked without finished, and what lies before new dates by the lookback', () => {
  const finishedRanges = fc.array(numbered, { maxLength: 6 }).map(mergeIntervals);
  fc.assert(
    fc.property(finishedRanges, fc.nat(40), fc.nat(5), (finished, asked, lookback) => {
      const end = day('2024-01-01') + asked * DAY_MS;
      const { intervals } = missingIntervals(
        asOf({ lookback: back(lookback) }),
        until(asOf(), end),
        finished,
      );
      const done = new Set(daysOf(finished));
      const expected = new Set(
        Array.from({ length: asked }, (_, i) => i).filter((i) => !done.has(i)),
      );
      const newest = Math.max(-1, ...done);
      const firstNew = newest + 1;
      // Dates after the newest finished one take the days before them along; without any finished there is nothing to look back on.
      if (done.size > 0 && firstNew < asked) {
        for (let i = Math.max(0, firstNew - lookback); i < firstNew; i += 1) expected.add(i);
      }
      expect(daysOf(intervals)).toEqual([...expected].sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});

test.each<[string, Interval[], string, Partial<AsOf>, string[]]>([
  ['nothing is finished', [], '2024-01-04', {}, ['new: 2024-01-01 … 2024-01-03']],
  ['one day', [], '2024-01-02', {}, ['new: 2024-01-01']],
  [
    'later dates',
    [range('2024-01-01', '2024-01-03')],
    '2024-01-05',
    {},
    ['asked: 2024-01-03 … 2024-01-04'],
  ],
  [
    'earlier dates',
    [range('2024-01-03', '2024-01-05')],
    '2024-01-05',
    {},
    ['gap: 2024-01-01 … 2024-01-02'],
  ],
  [
    'gaps and later dates',
    [range('2024-01-02', '2024-01-03'), range('2024-01-05', '2024-01-06')],
    '2024-01-08',
    { lookback: [1, 2] },
    [
      'gap: 2024-01-01',
      'gap: 2024-01-03 … 2024-01-04',
      'asked: 2024-01-06 … 2024-01-07',
      'lookback: 2024-01-04 … 2024-01-05',
    ],
  ],
  [
    'only a gap: no lookback',
    [range('2024-01-03', '2024-01-05')],
    '2024-01-05',
    { lookback: [1, 2] },
    ['gap: 2024-01-01 … 2024-01-02'],
  ],
  ['all is finished', [range('2024-01-01', '2024-01-05')], '2024-01-05', { lookback: [1, 2] }, []],
  ['less is asked than finished', [range('2024-01-01', '2024-01-09')], '2024-01-05', {}, []],
  [
    'only some of the dates before',
    [range('2024-01-01', '2024-01-09')],
    '2024-01-11',
    { lookback: [1, 7] },
    ['asked: 2024-01-09 … 2024-01-10', 'lookback: 2024-01-02 … 2024-01-03', 'lookback: 2024-01-08'],
  ],
  ['the end lies before begin', [], '2023-12-31', {}, []],
  ['a month that is not over', [], '2024-02-29', { grain: 'month' }, ['new: 2024-01-01']],
])('%s', (_, finished, end, given, expected) => {
  const model = asOf(given);
  expect(words(missingIntervals(model, until(model, day(end)), finished))).toEqual(expected);
});

test('lookback does not reach before begin', () => {
  const { intervals } = missingIntervals(
    asOf({ lookback: back(9) }),
    until(asOf(), day('2024-01-04')),
    [range('2024-01-01', '2024-01-03')],
  );
  expect(intervals).toEqual([range('2024-01-01', '2024-01-04')]);
});
