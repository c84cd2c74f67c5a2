import { expect, test } from 'vitest';
import { asOfEnd, restatedRange } from './as-of.ts';

const iso = (ms: number) => new Date(ms).toISOString();

test('--as-of names the last date, the end is the day after', () => {
  expect(iso(asOfEnd('2024-06-30', 'UTC', 0))).toBe('2024-07-01T00:00:00.000Z');
  expect(iso(asOfEnd('2024-06-30 13:00', 'UTC', 0))).toBe('2024-06-30T14:00:00.000Z');
});

test.each([
  // 23:30 UTC is already the next day in Madrid, also in the nights the clocks change.
  ['2024-03-30T23:30:00Z', 'Europe/Madrid', '2024-03-31'],
  ['2024-03-31T01:30:00Z', 'Europe/Madrid', '2024-03-31'],
  ['2024-10-26T22:30:00Z', 'Europe/Madrid', '2024-10-27'],
  ['2024-10-27T23:30:00Z', 'Europe/Madrid', '2024-10-28'],
  ['2024-10-27T23:30:00Z', 'UTC', '2024-10-27'],
  ['2024-01-01T03:00:00Z', 'America/New_York', '2023-12-31'],
])('without it everything before today: %s in %s', (now, timezone, today) => {
  expect(iso(asOfEnd(undefined, timezone, Date.parse(now))).slice(0, 10)).toBe(today);
});

test('what is no date is refused', () => {
  expect(() => asOfEnd('2024-02-30', 'UTC', 0)).toThrow("--as-of '2024-02-30' is not a date");
  expect(() => asOfEnd(undefined, 'Mars/Base', 0)).toThrow("timezone 'Mars/Base' is not known");
});

test('--restate names its first and last date', () => {
  const shown = (text: string) => Object.values(restatedRange(text)).map(iso);
  expect(shown('2024-01-01..2024-02-01')).toEqual([
    '2024-01-01T00:00:00.000Z',
    '2024-02-02T00:00:00.000Z',
  ]);
  expect(shown('2024-01-05')).toEqual(['2024-01-05T00:00:00.000Z', '2024-01-06T00:00:00.000Z']);
});

test.each(['2024-02-01..2024-01-01', '2024-01-01..2024-01-02..2024-01-03', 'January'])(
  "--restate '%s' is refused",
  (text) => expect(() => restatedRange(text)).toThrow('--restate'),
);
