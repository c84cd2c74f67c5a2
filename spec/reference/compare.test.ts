import { describe, expect, test } from 'vitest';
import { compareTable, describeDifferences } from './compare.ts';

const keys = ['id', 'as_of_date'];
const expected = [
  { id: 'a', as_of_date: 19_723, rate: 0.25, flag: true },
  { id: 'b', as_of_date: 19_723, rate: null, flag: false },
];

describe('compareTable', () => {
  test('equal rows in any order, with other columns beside', () => {
    const actual = expected.map((row) => ({ ...row, extra: 1 })).reverse();
    expect(compareTable(expected, actual, keys)).toEqual([]);
  });

  test('missing, extra and doubled rows', () => {
    const other = { id: 'c', as_of_date: 19_723, rate: 1, flag: true };
    const found = compareTable(expected, [expected[0] ?? other, other, other], keys);
    expect(found.map((difference) => difference.kind)).toEqual([
      'duplicate key',
      'missing row',
      'extra row',
    ]);
  });

  test('NULL, types, missing columns and numbers just beyond the tolerance', () => {
    const actual = [
      { id: 'a', as_of_date: 19_723, rate: 0.25 + 2e-9, flag: true },
      { id: 'b', as_of_date: 19_723, rate: 0 },
    ];
    expect(compareTable(expected, actual, keys)).toEqual([
      {
        kind: 'value',
        key: 'id=a as_of_date=2024-01-01',
        column: 'rate',
        expected: 0.25,
        actual: 0.25 + 2e-9,
      },
      {
        kind: 'value',
        key: 'id=b as_of_date=2024-01-01',
        column: 'rate',
        expected: null,
        actual: 0,
      },
      { kind: 'missing column', key: 'id=b as_of_date=2024-01-01', column: 'flag' },
    ]);
    const within = [{ ...expected[0], rate: 0.25 + 5e-10 }, { ...expected[1] }];
    expect(compareTable(expected, within as typeof expected, keys)).toEqual([]);
    const notANumber = [{ id: 'a', as_of_date: 1, rate: Number.NaN }];
    expect(compareTable([{ id: 'a', as_of_date: 1, rate: 1 }], notANumber, keys)).toHaveLength(1);
  });

  test('readable output', () => {
    const actual = [{ id: 'a', as_of_date: 19_723, rate: 1, flag: true }];
    expect(describeDifferences(compareTable(expected, actual, keys))).toBe(
      [
        '1 × value of rate',
        '1 × missing row',
        '  id=a as_of_date=2024-01-01: rate expected 0.25, actual 1',
        '  missing row: id=b as_of_date=2024-01-01',
      ].join('\n'),
    );
  });
});
