import { describe, expect, it } from 'vitest';
import { addBatches, batchId, batchName, floorToBatch, parseEventTime } from './microbatch.ts';

const at = (iso: string): number => Date.parse(`${iso}Z`);

describe('a batch', () => {
  // Names and ids are those dbt 1.12.6 gave to batches of these sizes.
  it.each([
    ['hour', '2026-11-21T14:00', '2026-11-21T14', '20261121T14'],
    ['day', '2024-01-05T00:00', '2024-01-05', '20240105'],
    ['month', '2026-07-01T00:00', '2026-07', '202607'],
    ['year', '2025-01-01T00:00', '2025', '2025'],
  ] as const)('of one %s has dbt’s name and id', (size, start, name, id) => {
    expect(batchName(at(start), size)).toBe(name);
    expect(batchId(at(start), size)).toBe(id);
  });

  it.each([
    ['hour', '2024-02-29T13:00', '2024-02-29T15:00'],
    ['day', '2024-02-29T00:00', '2024-03-02T00:00'],
    ['month', '2024-02-01T00:00', '2024-04-01T00:00'],
    ['year', '2024-01-01T00:00', '2026-01-01T00:00'],
  ] as const)('of one %s begins on its boundary in UTC', (size, start, twoLater) => {
    expect(floorToBatch(at('2024-02-29T13:47:11'), size)).toBe(at(start));
    expect(addBatches(at(start), 2, size)).toBe(at(twoLater));
  });

  it('before 1970 begins on its boundary, too', () => {
    expect(floorToBatch(at('1969-12-31T23:59'), 'day')).toBe(at('1969-12-31T00:00'));
    expect(addBatches(at('1970-01-01T00:00'), -3, 'month')).toBe(at('1969-10-01T00:00'));
  });
});

describe('a time of an event', () => {
  it.each([
    ['2024-01-08', '2024-01-08T00:00'],
    ['2024-01-08 06:00:00', '2024-01-08T06:00'],
    ['2024-01-08T06:00', '2024-01-08T06:00'],
    ['2024-01-08T06:00:00.250', '2024-01-08T06:00:00.250'],
    ['2024-01-08T06:00:00+08:00', '2024-01-07T22:00'],
    ['2024-01-08 06:00:00Z', '2024-01-08T06:00'],
  ])('%s is read', (text, instant) => {
    expect(parseEventTime(text)).toBe(at(instant));
  });

  it.each(['', 'today', '2024-02-30', '2024-1-8', '2024-01-08 25:00:00', '2024-01-08 06'])(
    "'%s' is none",
    (text) => {
      expect(parseEventTime(text)).toBeUndefined();
    },
  );
});
