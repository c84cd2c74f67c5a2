import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addGrains, type Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import { addLength, parseLength } from '../core/length-of-time.ts';
import { touchedDates } from './changed-dates.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2024, 0, 1);
const day = (number: number): number => FIRST + number * DAY_MS;

const dirty = fc.array(
  fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 5 })).map(
    ([start, length]): Interval => ({
      start: day(start),
      end: day(start + length),
    }),
  ),
  { minLength: 1, maxLength: 3 },
);
const lengths = (unit: string) => fc.nat(9).map((count) => `${count} ${unit}s`);

/** The steps of a grain that see a row of `dates`, each looked at by itself. */
function seenBy(
  dates: readonly Interval[],
  grain: Grain,
  before: string | undefined,
  after: string | undefined,
): number[] {
  const shift = (instant: number, text: string | undefined, sign: 1 | -1) => {
    const length = text === undefined ? undefined : parseLength(text);
    return length ? addLength(instant, length, sign) : instant;
  };
  const starts: number[] = [];
  for (
    let start = Date.UTC(2023, 0, 1);
    start < Date.UTC(2026, 0, 1);
    start = addGrains(start, 1, grain)
  ) {
    const from = before === undefined ? Number.NEGATIVE_INFINITY : shift(start, before, -1);
    const to = shift(addGrains(start, 1, grain), after, 1);
    if (dates.some((one) => one.start < to && one.end > from)) starts.push(start);
  }
  return starts;
}

const holds = (ranges: readonly Interval[], instant: number): boolean =>
  ranges.some(({ start, end }) => instant >= start && instant < end);

const stepsIn = (ranges: readonly Interval[], grain: Grain): number[] => {
  const starts: number[] = [];
  for (
    let start = Date.UTC(2023, 0, 1);
    start < Date.UTC(2026, 0, 1);
    start = addGrains(start, 1, grain)
  )
    if (holds(ranges, start)) starts.push(start);
  return starts;
};

test('the days touched are those that see the rows, no more and no fewer', () => {
  fc.assert(
    fc.property(dirty, fc.option(lengths('day')), lengths('day'), (dates, before, after) => {
      const window = { ...(before === null ? {} : { before }), after };
      const touched = touchedDates(dates, [window], { grain: 'day' }) as readonly Interval[];
      expect(stepsIn(touched, 'day')).toEqual(seenBy(dates, 'day', before ?? undefined, after));
    }),
  );
});

test('with calendar months and other grains no step is left out', () => {
  const grains = fc.constantFrom<Grain>('day', 'month');
  fc.assert(
    fc.property(
      dirty,
      grains,
      lengths('month'),
      lengths('month'),
      (dates, grain, before, after) => {
        const touched = touchedDates(dates, [{ before, after }], { grain }) as readonly Interval[];
        for (const start of seenBy(dates, grain, before, after))
          expect(holds(touched, start)).toBe(true);
      },
    ),
  );
});

test('without a window all later dates are touched, and unknown dates touch all', () => {
  const one = [{ start: day(10), end: day(11) }];
  expect(touchedDates(one, undefined, { grain: 'day' })).toEqual([
    { start: day(10), end: Number.POSITIVE_INFINITY },
  ]);
  expect(touchedDates('all', undefined, { grain: 'day' })).toBe('all');
});
