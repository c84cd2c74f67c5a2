import { expect, test } from 'vitest';
import { excerptAsked } from './excerpt.ts';

const NOW = Date.UTC(2024, 2, 31, 12);
const sampled = (sample: string) => excerptAsked({ sample }, {}, NOW);

test.each([
  ['3 days', Date.UTC(2024, 2, 28, 12), NOW],
  ['1 HOUR', Date.UTC(2024, 2, 31, 11), NOW],
  // The 31st of February is its last day.
  ['1 month', Date.UTC(2024, 1, 29, 12), NOW],
  ["{'start': '2024-01-04', 'end': '2024-01-06'}", Date.UTC(2024, 0, 4), Date.UTC(2024, 0, 6)],
  [
    '{start: 2024-01-04, end: 2024-01-04 06:30:00}',
    Date.UTC(2024, 0, 4),
    Date.UTC(2024, 0, 4, 6, 30),
  ],
])('--sample %s', (text, start, end) => {
  expect(sampled(text)).toEqual({ kind: 'sample', window: { start, end } });
});

test.each(['soon', '3 fortnights', '{start: 2024-01-04}', '[a, b]', '{start: 2, end: x}'])(
  '--sample %s is refused',
  (text) => {
    expect(() => sampled(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);

test('a window ends after it starts', () => {
  expect(() => sampled('{start: 2024-01-06, end: 2024-01-06}')).toThrow('ends before it starts');
});

test('--empty wins, and both stand in the environment, too', () => {
  expect(excerptAsked({ empty: true, sample: '1 day' }, {}, NOW)).toEqual({ kind: 'empty' });
  expect(excerptAsked({}, { DBT_EMPTY: 'true' }, NOW)).toEqual({ kind: 'empty' });
  expect(excerptAsked({}, { VELO_SAMPLE: '1 day' }, NOW)?.kind).toBe('sample');
  expect(excerptAsked({}, {}, NOW)).toBeUndefined();
});
