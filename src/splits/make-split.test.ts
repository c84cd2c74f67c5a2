import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSplit } from './make-split.ts';
import type { SplitSpec } from './split.ts';

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;
const days = (first: string, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => dayOf(first) + i);

describe('by hand', () => {
  it('the test is the last days, the blocks end where it starts', () => {
    // 20 days, test the last 5 (15…19), a gap of 1 (14), blocks 8–10 and 11–13, trained to 6 and to 9
    const spec = {
      strategy: 'walk_forward',
      folds: 2,
      validation: '3 days',
      gap: '1 day',
      test: '5 days',
    };
    const split = makeSplit({ day: days('2024-01-01', 20) }, spec);
    expect([...split.test]).toEqual([15, 16, 17, 18, 19]);
    expect(split.development).toHaveLength(14);
    expect(split.folds.map(({ train, validation }) => [train.at(-1), [...validation]])).toEqual([
      [6, [8, 9, 10]],
      [9, [11, 12, 13]],
    ]);
  });

  it('months are calendar months', () => {
    const spec = { strategy: 'expanding', folds: 1, validation: '1 month', test: '1 month' };
    const { folds, test } = makeSplit({ day: days('2024-01-01', 91) }, spec); // to 31 March 2024
    expect(test).toHaveLength(31);
    expect(folds[0]?.validation).toHaveLength(29); // February
    expect(folds[0]?.train).toHaveLength(31);
  });

  it('calendar days without rows count', () => {
    const day = Int32Array.from([0, 10, 20, 30, 40], (d) => dayOf('2024-01-01') + d);
    const { test, folds } = makeSplit(
      { day },
      { strategy: 'expanding', folds: 1, validation: '15 days', test: '10 days' },
    );
    expect([...test]).toEqual([4]);
    expect([...(folds[0]?.validation ?? [])]).toEqual([2, 3]);
  });
});

describe('for any rows', () => {
  const cases = fc.record({
    day: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 30, maxLength: 200 }),
    strategy: fc.constantFrom('walk_forward', 'expanding', 'purged'),
    folds: fc.integer({ min: 1, max: 3 }),
    validation: fc.option(fc.integer({ min: 3, max: 8 }), { nil: undefined }),
    gap: fc.integer({ min: 0, max: 4 }),
    test: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
  });
  const length = (count: number | undefined) => (count === undefined ? undefined : `${count} days`);

  it('nothing is judged by what it or a later day, or the gap before it, taught', () => {
    fc.assert(
      fc.property(cases, ({ day, strategy, folds, validation, gap, test }) => {
        const columns = { day: Int32Array.from(day), group: day.map((d, i) => `${d}:${i % 4}`) };
        const split = attempt(() =>
          makeSplit(columns, {
            strategy,
            folds,
            validation: length(validation),
            gap: length(gap),
            test: length(test),
          }),
        );
        if (!split) return;
        const latest = (rows: Int32Array) => Math.max(...rows.map((row) => day[row] ?? 0));
        const earliest = (rows: Int32Array) => Math.min(...rows.map((row) => day[row] ?? 0));
        expect(split.folds).toHaveLength(folds);
        for (const fold of split.folds) {
          expect(latest(fold.train) + gap).toBeLessThan(earliest(fold.validation));
          if (test) expect(latest(fold.validation) + gap).toBeLessThan(earliest(split.test));
        }
        if (test) expect(latest(split.development) + gap).toBeLessThan(earliest(split.test));
        expect(
          wholeGroups(
            columns.group,
            split.folds.flatMap(({ train, validation: v }) => [train, v]),
          ),
        ).toBe(true);
      }),
    );
  });

  it('group_k_fold judges each row once and never with a row of its group among the taught', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 40, maxLength: 80 }),
        (group) => {
          const day = Int32Array.from(group, () => 3);
          const split = attempt(() =>
            makeSplit({ day, group }, { strategy: 'group_k_fold', folds: 3 }),
          );
          if (!split) return;
          const judged = split.folds.flatMap(({ validation }) => [...validation]);
          expect(judged.toSorted((a, b) => a - b)).toEqual(group.map((_, row) => row));
          for (const { train, validation } of split.folds) {
            const taught = new Set(Array.from(train, (row) => group[row]));
            expect(Array.from(validation).some((row) => taught.has(group[row]))).toBe(false);
          }
        },
      ),
    );
  });
});

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'too-few-days' });
    return undefined;
  }
};

const wholeGroups = (group: readonly string[], parts: readonly Int32Array[]): boolean =>
  parts.every((rows) => {
    const inside = new Set(rows);
    const names = new Set(Array.from(rows, (row) => group[row]));
    return group.every((name, row) => !names.has(name) || inside.has(row));
  });

describe('refuses', () => {
  const day = days('2023-01-01', 400);
  it.each<[SplitSpec, string, string]>([
    [
      { strategy: 'walk_forward', folds: 3, validation: '120 days', test: '365 days' },
      'too-few-days',
      '3 folds of 120 days and a test of 365 days need 726 days; the rows have 400, 2023-01-01 to 2024-02-04',
    ],
    [
      { strategy: 'expanding', folds: 5, test: '398 days' },
      'too-few-days',
      '5 folds need 6 days; before the test there are 2',
    ],
    [
      { strategy: 'expanding', folds: 5, test: '500 days' },
      'too-few-days',
      '5 folds need 6 days; before the test there are 0',
    ],
    [
      { strategy: 'walk_forwards', folds: 3 },
      'unknown-name',
      "unknown split strategy 'walk_forwards'",
    ],
    [
      { strategy: 'expanding', folds: 3, train: '90 days' },
      'invalid-config',
      "split strategy 'expanding' has no 'train'",
    ],
    [{ strategy: 'purged', folds: 3 }, 'invalid-config', "split strategy 'purged' needs 'gap'"],
    [
      { strategy: 'group_k_fold', folds: 3 },
      'invalid-config',
      "split strategy 'group_k_fold' needs 'group'",
    ],
    [{ strategy: 'group_k_fold', folds: 1 }, 'invalid-config', 'split.folds is 1'],
    [{ strategy: 'walk_forward', folds: 2.5 }, 'invalid-config', 'split.folds is 2.5'],
    [
      { strategy: 'walk_forward', folds: 2, test: '36 hours' },
      'invalid-config',
      "split.test is '36 hours'",
    ],
    [
      { strategy: 'walk_forward', folds: 2, validation: '0 days' },
      'invalid-config',
      "split.validation is '0 days'",
    ],
  ])('%j', (spec, code, message) => {
    expect(() => makeSplit({ day }, spec)).toThrow(expect.objectContaining({ code, message }));
  });

  it('blocks in which nothing happened, by their dates', () => {
    const gappy = Int32Array.from([0, 1, 2, 30], (d) => dayOf('2024-01-01') + d);
    const spec = { strategy: 'walk_forward', folds: 2, validation: '5 days' };
    expect(() => makeSplit({ day: gappy }, spec)).toThrow(
      'fold 1 of 2 has no rows to validate on, 2024-01-22 to 2024-01-26',
    );
  });

  it('a race on both sides of a cut', () => {
    const group = Array.from(day, (_, row) =>
      row === 389 || row === 390 ? 'R7' : `R${1000 + row}`,
    );
    const spec = { strategy: 'walk_forward', folds: 1, validation: '5 days', test: '10 days' };
    expect(() => makeSplit({ day, group }, spec)).toThrow(
      'group R7 has rows on 2024-01-25 and 2024-01-26, and fold 1 is cut between them',
    );
  });

  it('no rows', () => {
    const none = { day: new Int32Array() };
    expect(() => makeSplit(none, { strategy: 'expanding', folds: 2 })).toThrow(
      'there are no rows to split',
    );
  });
});
