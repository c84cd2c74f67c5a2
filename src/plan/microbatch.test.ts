import { describe, expect, it } from 'vitest';
import { batchName, type Microbatch } from '../core/microbatch.ts';
import { type MicrobatchModel, microbatches, microbatchNeed } from './microbatch.ts';

const at = (iso: string): number => Date.parse(`${iso}Z`);

const DAILY: Microbatch = { batchSize: 'day', begin: at('2024-01-05T00:00'), lookback: 1 };

/** The clock of dbt's records. */
const NOW = at('2024-01-10T12:00');

const model = (given: Partial<MicrobatchModel> = {}): MicrobatchModel => ({
  settings: DAILY,
  exists: true,
  fullRefresh: false,
  window: undefined,
  now: NOW,
  ...given,
});

const names = (given: Partial<MicrobatchModel>): string[] => {
  const asked = model(given);
  return microbatches(asked).map(({ start }) => batchName(start, asked.settings.batchSize));
};

const days = (first: number, last: number): string[] =>
  Array.from(
    { length: last - first + 1 },
    (_, i) => `2024-01-${String(first + i).padStart(2, '0')}`,
  );

describe('the batches of a run are those dbt was recorded with', () => {
  it('from begin on where the table is not there (021-build-first)', () => {
    expect(names({ exists: false })).toEqual(days(5, 10));
  });

  it('the same for a full refresh (304-mb-full-refresh)', () => {
    expect(names({ fullRefresh: true })).toEqual(days(5, 10));
  });

  it('the current one and those of lookback (305-mb-again)', () => {
    expect(names({})).toEqual(days(9, 10));
  });

  it('whole batches of a window that ends within one (306-mb-window)', () => {
    const window = { start: at('2024-01-06T00:00'), end: at('2024-01-08T06:00') };
    expect(names({ window })).toEqual(days(6, 8));
  });

  it('a window that ends between two takes none of the second (307-mb-partial)', () => {
    const window = { start: at('2024-01-05T00:00'), end: at('2024-01-09T00:00') };
    expect(names({ window })).toEqual(days(5, 8));
  });

  it('a window also for a full refresh (310-mb-first-fails)', () => {
    const window = { start: at('2024-01-05T00:00'), end: at('2024-01-09T00:00') };
    expect(names({ window, fullRefresh: true })).toEqual(days(5, 8));
  });
});

// Seen in runs of dbt 1.12.6 on 2026-11-21 at 17:31 UTC.
describe('batches of other sizes', () => {
  const now = at('2026-11-21T17:31');
  const of = (batchSize: Microbatch['batchSize'], begin: string, lookback: number): Microbatch => ({
    batchSize,
    begin: at(begin),
    lookback,
  });

  it('hours without lookback', () => {
    const settings = of('hour', '2026-11-21T14:00', 0);
    const hours = ['T14', 'T15', 'T16', 'T17'].map((hour) => `2026-11-21${hour}`);
    expect(names({ settings, now, exists: false })).toEqual(hours);
    expect(names({ settings, now })).toEqual(['2026-11-21T17']);
  });

  it('months from the middle of one, with a lookback of two', () => {
    const settings = of('month', '2026-07-15T00:00', 2);
    const months = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11'];
    expect(names({ settings, now, exists: false })).toEqual(months);
    expect(names({ settings, now })).toEqual(months.slice(2));
  });

  it('years', () => {
    const settings = of('year', '2025-05-05T00:00', 1);
    expect(names({ settings, now, exists: false })).toEqual(['2025', '2026']);
  });

  it('a lookback goes back beyond begin', () => {
    const settings = of('day', '2026-11-20T00:00', 5);
    const expected = [16, 17, 18, 19, 20, 21].map((day) => `2026-11-${day}`);
    expect(names({ settings, now })).toEqual(expected);
  });

  it('a begin in the future is one batch without rows', () => {
    const settings = of('day', '2027-01-01T00:00', 1);
    const begin = at('2027-01-01T00:00');
    const batches = microbatches(model({ settings, now, exists: false }));
    expect(batches).toEqual([{ start: begin, end: begin }]);
  });
});

describe('what is done about a microbatch model', () => {
  const need = (given: Partial<MicrobatchModel>) => microbatchNeed(model(given), undefined);

  it.each([
    [{ exists: false }, true, 'new'],
    [{ fullRefresh: true }, true, 'full-refresh'],
    [{}, false, 'lookback'],
    [{ window: { start: NOW - 1, end: NOW } }, false, 'asked'],
  ])('%j', (given, replace, code) => {
    const { action, ...decided } = need(given);
    expect(action).toBe('build');
    expect([decided.replace, decided.reasons[0]?.code]).toEqual([replace, code]);
  });

  const [first, second] = [
    { start: at('2024-01-05T00:00'), end: at('2024-01-06T00:00') },
    { start: at('2024-01-06T00:00'), end: at('2024-01-07T00:00') },
  ];

  it('batches that failed are done again, and no others', () => {
    const again = { successful: [first], failed: [second] };
    const { batches, batchesBefore, replace } = microbatchNeed(model(), again);
    expect({ batches, batchesBefore, replace }).toEqual({
      batches: [second],
      batchesBefore: [first],
      replace: false,
    });
  });

  it('of a full refresh that failed in part what was done is kept', () => {
    const again = { successful: [first], failed: [second] };
    expect(microbatchNeed(model({ fullRefresh: true }), again).replace).toBe(false);
    const nothingDone = { successful: [], failed: [first, second] };
    expect(microbatchNeed(model({ fullRefresh: true }), nothingDone).replace).toBe(true);
  });
});
