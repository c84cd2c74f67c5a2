import { expect, it } from 'vitest';
import {
  formatDuration,
  formatLongDuration,
  formatSeconds,
  formatWholeSeconds,
} from './duration.ts';
import { formatCount, plural } from './number.ts';
import { printable } from './printable.ts';

it.each([
  [0, '0.00 s'],
  [340, '0.34 s'],
  [9_999, '10.0 s'],
  [12_340, '12.3 s'],
  [59_990, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_599_900, '1 h 00 min'],
  [3_720_000, '1 h 02 min'],
])('%i ms is %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it('tells running times to the second', () => {
  expect(formatWholeSeconds(7_600)).toBe('8 s');
  expect(formatWholeSeconds(125_000)).toBe('2 min 05 s');
});

it("writes dbt's seconds", () => {
  expect(formatSeconds(124)).toBe('0.12s');
  expect(formatLongDuration(3_723_450)).toBe('1 hours 2 minutes and 3.45 seconds (3723.45s)');
});

it('groups thousands and counts', () => {
  expect(formatCount(12345)).toBe('12,345');
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(2000, 'query', 'queries')).toBe('2,000 queries');
});

it('takes the sting out of what a database sends', () => {
  expect(printable('bad \u001b[2J value\r\n\tnext\u0007')).toBe(
    'bad \ufffd[2J value\n  next\ufffd',
  );
});
