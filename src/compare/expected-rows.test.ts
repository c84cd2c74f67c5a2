import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cells, matchRows } from './expected-rows.ts';
import { rowDiff } from './row-diff.ts';

const exact = ['id', 'name', 'n'].map((name) => ({ name, tolerance: 0 }));

/** What dbt prints of these rows (157-unit-test-diff in its records). */
const EXPECTED: readonly Cells[] = [
  [1, 'A', 'X', 3],
  [2, 'C', null, 1],
  [3, 'Z', 'Y', 0],
];
const ACTUAL: readonly Cells[] = [
  [1, 'A', 'X', 3],
  [2, 'B', null, 0],
];
const COLUMNS = ['customer_id', 'customer_name', 'city', 'orders'];

const diff = (expected: readonly Cells[], actual: readonly Cells[], names: readonly string[]) =>
  rowDiff(
    matchRows(
      expected,
      actual,
      names.map((name) => ({ name, tolerance: 0 })),
    ),
    names,
  );

describe('rowDiff', () => {
  it('is dbt’s table', () => {
    expect(diff(EXPECTED, ACTUAL, COLUMNS)).toBe(
      [
        '@@ ,customer_id,customer_name,city,orders',
        '   ,1          ,A            ,X   ,3',
        '→  ,2          ,C→B          ,NULL,1→0',
        '---,3          ,Z            ,Y   ,0',
        '',
      ].join('\n'),
    );
  });

  it('shows rows nobody expected, and gaps for equal ones far from any difference', () => {
    const rows: readonly Cells[] = [[1], [2], [3], [4], [5], [6]];
    expect(diff(rows, [[1], [2], [3], [4], [6], [7]], ['n'])).toBe(
      ['@@ ,n', '...,...', '   ,4', '---,5', '   ,6', '+++,7', ''].join('\n'),
    );
  });

  it('shows fifty differences and counts the others', () => {
    const rows: readonly Cells[] = Array.from({ length: 120 }, (_, i) => [i, 'same']);
    const lines = diff(rows, [], ['n', 'word']).trimEnd().split('\n');
    expect(lines).toHaveLength(52);
    expect(lines.at(-1)).toBe('70 more rows differ');
  });
});

describe('matchRows', () => {
  it('compares inexact numbers by their columns’ tolerance, in any order', () => {
    const columns = [
      { name: 'id', tolerance: 0 },
      { name: 'share', tolerance: 1e-10 },
    ];
    const actual: readonly Cells[] = [
      ['b', 2 / 3],
      ['a', 0.1 + 0.2],
    ];
    const expected: readonly Cells[] = [
      ['a', 0.3],
      ['b', 0.6666666666666667],
    ];
    expect(matchRows(expected, actual, columns).every(({ isEqual }) => isEqual)).toBe(true);
    const [changed] = matchRows([['a', 0.3001]], [['a', 0.3]], columns);
    expect(changed).toEqual({ expected: ['a', 0.3001], actual: ['a', 0.3], isEqual: false });
  });

  const cell = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', null));
  const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 12 });

  it('finds shuffled rows equal', () => {
    fc.assert(
      fc.property(
        table.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, shuffled]) => matchRows(rows, shuffled, exact).every(({ isEqual }) => isEqual),
      ),
    );
  });

  it('loses and invents no row, and calls as many equal as the bags share', () => {
    fc.assert(
      fc.property(table, table, (expected, actual) => {
        const pairs = matchRows(expected, actual, exact);
        const side = (which: 'expected' | 'actual') =>
          pairs.flatMap((pair) => (pair[which] ? [JSON.stringify(pair[which])] : [])).sort();
        const texts = (rows: readonly Cells[]) => rows.map((row) => JSON.stringify(row)).sort();
        expect(side('expected')).toEqual(texts(expected));
        expect(side('actual')).toEqual(texts(actual));
        const bag = texts(actual);
        let shared = 0;
        for (const row of texts(expected)) {
          const at = bag.indexOf(row);
          if (at < 0) continue;
          bag.splice(at, 1);
          shared += 1;
        }
        expect(pairs.filter(({ isEqual }) => isEqual)).toHaveLength(shared);
      }),
    );
  });
});
