import { describe, expect, it } from 'vitest';
import { featureColumn, sharedColumn } from './encode-columns.ts';

describe('a column of a table becomes a feature', () => {
  it('numbers as they stand, without a copy', () => {
    for (const values of [sharedColumn(3), Int32Array.of(1, 2), Uint8Array.of(0, 1)]) {
      const { values: kept, categories } = featureColumn('x', values, false);
      expect([kept, categories]).toEqual([values, undefined]);
      expect(kept).toBe(values);
    }
  });

  it.each([
    ['whole numbers with NULL', [3, null, -1], [3, Number.NaN, -1]],
    ['booleans with NULL', [true, null, false], [1, Number.NaN, 0]],
    ['large whole numbers with NULL', [2n ** 40n, null], [2 ** 40, Number.NaN]],
    ['NULL alone', [null, null], [Number.NaN, Number.NaN]],
  ])('%s: NULL is missing', (_, values, expected) => {
    expect([...featureColumn('x', values, false).values]).toEqual(expected);
  });

  it('large whole numbers', () => {
    const { values } = featureColumn('x', BigInt64Array.of(5n, -(2n ** 45n)), false);
    expect([...values]).toEqual([5, -(2 ** 45)]);
  });

  it('texts as codes that do not depend on the order of the rows', () => {
    const column = featureColumn('going', ['soft', null, 'good', 'soft'], false);
    expect(column.categories).toEqual(['good', 'soft']);
    expect([...column.values]).toEqual([1, Number.NaN, 0, 1]);
    expect(featureColumn('going', ['good', 'soft'], false).categories).toEqual(column.categories);
  });

  it('numbers that are names', () => {
    const column = featureColumn('course_id', Float64Array.of(12, Number.NaN, 7), true);
    expect(column.categories).toEqual(['12', '7']);
    expect([...column.values]).toEqual([0, Number.NaN, 1]);
  });

  it('on memory that LightGBM’s thread shares', () => {
    expect(sharedColumn(2).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(featureColumn('going', ['soft'], false).values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
