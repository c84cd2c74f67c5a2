import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Warehouse } from '../../src/adapters/adapter.ts';
import { adapters } from '../../src/adapters/index.ts';
import type { Columns, ColumnValues } from '../../src/core/columns.ts';
import { withTarget } from './target.ts';

describe.each(adapters.all())('adapter $name', ({ name, load }) => {
  const withWarehouse = (work: (warehouse: Warehouse) => Promise<void>) => () =>
    withTarget(name, async ({ input }) => {
      const adapter = await load();
      await using warehouse = await adapter.open(adapter.parseSettings(input));
      await work(warehouse);
    });

  it(
    'reads rows in portions that part no group, whatever their size',
    withWarehouse((warehouse) =>
      warehouse.use(async (connection) => {
        const cell = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 5 });
        const row = fc.tuple(
          cell(fc.integer({ min: -3, max: 3 })),
          cell(fc.constantFrom('', 'a', 'A', "b'c", 'z')),
          cell(fc.double({ noNaN: true, noDefaultInfinity: true })),
        );
        const sizes = fc.integer({ min: 1, max: 12 });
        const together = fc.constantFrom(1, 2);
        const given = fc.array(row, { maxLength: 60 });
        await fc.assert(
          fc.asyncProperty(given, sizes, together, async (rows, size, kept) => {
            await connection.transaction(async () => {
              const table = await connection.loadColumns({
                day: { type: 'DATE', values: rows.map(([day]) => day) },
                race: { type: 'VARCHAR', values: rows.map(([, race]) => race) },
                id: { type: 'INTEGER', values: Int32Array.from(rows, (_, i) => i) },
                x: { type: 'DOUBLE', values: rows.map(([, , x]) => x) },
              });
              const sql = `select * from ${table}`;
              const order = ['day', 'race', 'id'];
              const portions: Columns[] = [];
              await connection.readPortions({ sql, order, together: kept, size }, async (one) => {
                portions.push(one);
                // Other statements may run meanwhile.
                expect(await connection.query('select 1 as one')).toEqual([{ one: 1 }]);
              });
              const whole = await connection.readColumns(
                `${sql} order by day nulls last, race nulls last, id`,
              );
              for (const column of ['day', 'race', 'id', 'x'])
                expect(joined(portions, column), column).toEqual([...(whole[column] ?? [])]);
              checkParts(portions, order.slice(0, kept), size);
              await connection.execute(`drop table ${table}`);
            });
          }),
          { numRuns: 25 },
        );
      }),
    ),
  );

  it(
    'adds columns to a table it loaded, by name',
    withWarehouse((warehouse) =>
      warehouse.use((connection) =>
        connection.transaction(async () => {
          const table = await connection.loadColumns({
            n: { type: 'INTEGER', values: Int32Array.of(1) },
            day: { type: 'date', values: ['2024-02-29'] },
          });
          await connection.appendColumns(table, {
            day: { type: 'date', values: [null, '2024-03-01'] },
            n: { type: 'INTEGER', values: [2, 3] },
          });
          expect(await connection.query(`select * from ${table} order by n`)).toEqual([
            { n: 1, day: '2024-02-29' },
            { n: 2, day: null },
            { n: 3, day: '2024-03-01' },
          ]);
        }),
      ),
    ),
  );
});

const joined = (portions: readonly Columns[], column: string): unknown[] =>
  portions.flatMap((portion) => [...(portion[column] ?? [])]);

/** No group stands in two portions; a portion is full when the next begins, and would not be without its last group. */
function checkParts(portions: readonly Columns[], together: readonly string[], size: number): void {
  const keys = portions.map((portion) =>
    Array.from(portion['id'] as ColumnValues, (_, row) =>
      together.map((column) => String(portion[column]?.[row])).join('|'),
    ),
  );
  for (const [i, own] of keys.entries()) {
    if (i > 0) expect(own[0]).not.toBe(keys[i - 1]?.at(-1));
    const lastGroup = own.filter((key) => key === own.at(-1)).length;
    expect(own.length - lastGroup).toBeLessThan(size);
  }
}
