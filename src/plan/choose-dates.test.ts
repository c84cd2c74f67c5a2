import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseDates } from './choose-dates.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2024-01-01');
const day = (n: number) => START + n * DAY_MS;
const span = (days: number) => ({ start: START, end: day(days) });
const base = { grain: 'day', seed: 0 } as const;

test('all dates, and listed ones that exist', () => {
  expect(chooseDates({ ...base, span: span(3), asked: 'all' })).toEqual([day(0), day(1), day(2)]);
  const asked = [day(2) + 3_600_000, day(9), day(0)];
  expect(chooseDates({ ...base, span: span(5), asked })).toEqual([day(0), day(2)]);
});

test('months and weeks are chosen by their starts', () => {
  const year = { start: Date.parse('2024-01-01'), end: Date.parse('2025-01-01') };
  const months = chooseDates({ ...base, span: year, grain: 'month', asked: 'all' });
  expect(months).toHaveLength(12);
  const asked = [Date.parse('2024-02-29')];
  const [february] = chooseDates({ ...base, span: year, grain: 'month', asked });
  expect(february).toBe(Date.parse('2024-02-01'));
});

test('a sample is sorted, without copies, spread, the same for the same seed, and mostly of dates with rows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 9 }),
      (days, asked, seed, every) => {
        const withRows = new Set(
          Array.from({ length: days }, (_, n) => day(n)).filter((_, n) => n % every === 0),
        );
        const choice = { span: span(days), grain: 'day', withRows, asked, seed } as const;
        const dates = chooseDates(choice);
        expect(dates).toEqual(chooseDates(choice));
        expect(dates).toHaveLength(Math.min(asked, days));
        expect(dates).toEqual([...new Set(dates)].sort((a, b) => a - b));
        expect(dates.every((date) => date >= START && date < day(days))).toBe(true);
        const full = dates.filter((date) => withRows.has(date)).length;
        expect(full).toBeGreaterThanOrEqual(Math.min(withRows.size, Math.ceil(asked * 0.9)));
      },
    ),
  );
});

test('each part of the span gives one date; other seeds give others', () => {
  const at = (seed: number) => chooseDates({ ...base, span: span(1000), asked: 10, seed });
  expect(at(1).map((date) => Math.floor((date - START) / DAY_MS / 100))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  expect(at(1)).not.toEqual(at(2));
});

test('an empty day is among the sample when there are some', () => {
  const withRows = new Set(Array.from({ length: 50 }, (_, n) => day(2 * n)));
  const dates = chooseDates({ ...base, span: span(100), withRows, asked: 20 });
  expect(dates.filter((date) => !withRows.has(date))).toHaveLength(2);
});
