import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addGrains,
  countGrains,
  floorToGrain,
  formatInterval,
  GRAINS,
  type Grain,
  parseInstant,
  splitByGrains,
} from './grain.ts';

const HOUR_MS = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const at = (text: string): number => Date.parse(`${text}Z`);

/** Whether a grain begins at this full hour, read off the calendar. */
const BEGINS: Readonly<Record<Grain, (date: Date) => boolean>> = {
  hour: () => true,
  day: (date) => date.getUTCHours() === 0,
  week: (date) => date.getUTCHours() === 0 && date.getUTCDay() === 1,
  month: (date) => date.getUTCHours() === 0 && date.getUTCDate() === 1,
};

/** The start of the grain, found by walking back hour by hour. */
function walkBack(instantMs: number, grain: Grain): number {
  let ms = instantMs - (((instantMs % HOUR_MS) + HOUR_MS) % HOUR_MS);
  while (!BEGINS[grain](new Date(ms))) ms -= HOUR_MS;
  return ms;
}

/** The start of the next grain, found by walking on. */
function walkOn(startMs: number, grain: Grain): number {
  let ms = startMs + HOUR_MS;
  while (!BEGINS[grain](new Date(ms))) ms += HOUR_MS;
  return ms;
}

const grains = fc.constantFrom(...GRAINS);
const instants = fc.integer({ min: at('1966-01-01T00:00:00'), max: at('2040-01-01T00:00:00') });

test('floorToGrain is the last start of a grain on the calendar', () => {
  fc.assert(
    fc.property(instants, grains, (instant, grain) => {
      expect(iso(floorToGrain(instant, grain))).toBe(iso(walkBack(instant, grain)));
    }),
  );
});

test('addGrains goes from start to start, on and back', () => {
  fc.assert(
    fc.property(instants, grains, fc.integer({ min: 0, max: 30 }), (instant, grain, count) => {
      const start = walkBack(instant, grain);
      let end = start;
      for (let i = 0; i < count; i += 1) end = walkOn(end, grain);
      expect(iso(addGrains(start, count, grain))).toBe(iso(end));
      expect(iso(addGrains(end, -count, grain))).toBe(iso(start));
      expect(countGrains({ start, end }, grain)).toBe(count);
    }),
    { numRuns: 60 },
  );
});

test('splitByGrains cuts without gap or overlap into pieces of the asked number', () => {
  const sizes = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(instants, grains, fc.nat(25), sizes, (instant, grain, count, size) => {
      const start = walkBack(instant, grain);
      const interval = { start, end: addGrains(start, count, grain) };
      const pieces = splitByGrains(interval, size, grain);
      expect(pieces.map((piece) => countGrains(piece, grain))).toEqual([
        ...Array<number>(Math.floor(count / size)).fill(size),
        ...(count % size > 0 ? [count % size] : []),
      ]);
      let next = start;
      for (const piece of pieces) {
        expect(piece.start).toBe(next);
        next = piece.end;
      }
      expect(next).toBe(interval.end);
    }),
  );
});

test.each<[string, Grain, string, string]>([
  ['a leap day', 'month', '2024-02-29T23:59:59.999', '2024-02-01T00:00:00.000Z'],
  ['the last day of a year', 'month', '2023-12-31T12:00', '2023-12-01T00:00:00.000Z'],
  ['a Sunday', 'week', '2024-03-10T23:00', '2024-03-04T00:00:00.000Z'],
  ['a Monday', 'week', '2024-03-11T00:00', '2024-03-11T00:00:00.000Z'],
  ['the first of January', 'week', '2021-01-01T00:00', '2020-12-28T00:00:00.000Z'],
  ['a day before 1970', 'week', '1969-12-31T00:00', '1969-12-29T00:00:00.000Z'],
  ['half an hour', 'hour', '2024-01-01T10:30', '2024-01-01T10:00:00.000Z'],
])('%s lies in the %s that begins …', (_, grain, instant, start) => {
  expect(iso(floorToGrain(at(instant), grain))).toBe(start);
});

describe('as people say it', () => {
  test.each<[Grain, string, string, string]>([
    ['day', '2024-01-01T00:00', '2024-02-01T00:00', '2024-01-01 … 2024-01-31'],
    ['day', '2024-01-01T00:00', '2024-01-02T00:00', '2024-01-01'],
    ['hour', '2024-01-01T00:00', '2024-01-01T14:00', '2024-01-01 00:00 … 2024-01-01 13:00'],
    ['week', '2024-01-01T00:00', '2024-01-15T00:00', '2024-01-01 … 2024-01-08'],
    ['month', '2023-11-01T00:00', '2024-03-01T00:00', '2023-11-01 … 2024-02-01'],
  ])('%s %s %s', (grain, start, end, text) => {
    expect(formatInterval({ start: at(start), end: at(end) }, grain)).toBe(text);
  });
});

test('parseInstant takes what is a date and nothing else', () => {
  expect(parseInstant('2024-02-29')).toBe(at('2024-02-29T00:00'));
  expect(parseInstant(' 2024-01-31 13:00 ')).toBe(at('2024-01-31T13:00'));
  expect(parseInstant('2024-01-31T13:00:00')).toBe(at('2024-01-31T13:00'));
  for (const text of [
    '2023-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-1-1',
    '20240101',
    '2024-01-31 24:00',
    '2024-01-31 13:60',
    '2024-01-31 13',
    'yesterday',
    '',
  ]) {
    expect(parseInstant(text), text).toBeUndefined();
  }
});
