import { describe, expect, it } from 'vitest';
import { adapters } from '../../src/adapters/index.ts';
import { compareRows } from '../../src/compare/compare-rows.ts';
import { areEqual } from '../../src/core/row-differences.ts';
import { withTarget } from './target.ts';

const DAY_MS = 86_400_000;
const NEW_YEAR = Date.UTC(2024, 0, 1);

/** A day with two rows, key 1 with this value and key 2 with another, in this order. */
const rows = (value: string, order: string): string => `select * from (
  select cast('2024-01-01' as date) as d, 1 as k, cast(${value} as double precision) as v
  union all select cast('2024-01-01' as date), 2, 5.0
) as two order by k ${order}`;

describe.each(adapters.all())('adapter $name', ({ name, load }) => {
  it('tells rows apart by their date, without their order and the last digits of their numbers', () =>
    withTarget(name, async ({ input }) => {
      const { dialect, open, parseSettings } = await load();
      const settings = parseSettings(input);
      await using warehouse = await open(settings);
      const { schema } = settings;
      const [left, right] = ['lhs', 'rhs'].map((table) => ({ schema, name: table }));
      if (!left || !right) throw new Error('two tables');
      const compared = (one: string, other: string, key: readonly string[]) =>
        warehouse.use(async (connection) => {
          for (const statement of [
            dialect.createSchema({ schema }),
            dialect.dropRelation({ schema, name: 'differences' }, 'table'),
            dialect.dropRelation(left, 'table'),
            dialect.dropRelation(right, 'table'),
            ...dialect.replaceTable(left, rows(one, 'asc'), undefined),
            ...dialect.replaceTable(right, rows(other, 'desc'), undefined),
          ]) {
            await connection.execute(statement);
          }
          const dated = {
            column: 'd',
            grain: 'day',
            dates: [NEW_YEAR, NEW_YEAR + DAY_MS],
          } as const;
          const place = () => ({ schema, name: 'differences' });
          return compareRows(connection, dialect, { left, right, dated, key, place });
        });
      for (const key of [['k'], []]) {
        expect(areEqual(await compared('1.5', '1.5', key))).toBe(true);
        expect(areEqual(await compared('null', 'null', key))).toBe(true);
        expect(areEqual(await compared('0.30000000000000004', '0.3', key))).toBe(true);
        expect(areEqual(await compared('0.3', '0.3000003', key))).toBe(false);
        expect(areEqual(await compared('null', '0', key))).toBe(false);
        expect(areEqual(await compared("'NaN'", "'NaN'", key))).toBe(true);
        expect(areEqual(await compared("'Infinity'", '1e300', key))).toBe(false);
      }
      const { dates, columns, examples } = await compared('1', '2', ['k']);
      expect(dates).toEqual([
        { date: NEW_YEAR, leftRows: 2, rightRows: 2, onlyLeft: 0, onlyRight: 0, changed: 1 },
      ]);
      expect(columns).toEqual([{ name: 'v', rows: 1 }]);
      expect(examples).toMatchObject([{ date: NEW_YEAR, key: { k: 1 }, where: 'both' }]);
    }));
});

describe.each(adapters.all())('adapter $name', ({ name, load }) => {
  it('takes back schemas and tables of a transaction, also when two are open at once', () =>
    withTarget(name, async ({ input }) => {
      const { dialect, open, parseSettings } = await load();
      await using warehouse = await open(parseSettings(input));
      const schemas = ['velo_scratch_a', 'velo_scratch_b'];
      const built = await Promise.allSettled(
        schemas.map((schema) =>
          warehouse.use((connection) =>
            connection.transaction(async () => {
              await connection.execute(dialect.createSchema({ schema }));
              const table = { schema, name: 't' };
              for (const statement of dialect.replaceTable(table, 'select 1 as n', undefined)) {
                await connection.execute(statement);
              }
              const rows = await connection.query(`select n from ${dialect.relation(table)}`);
              throw new Error(`taken back: ${JSON.stringify(rows)}`);
            }),
          ),
        ),
      );
      for (const one of built) {
        expect(one).toMatchObject({ reason: { message: 'taken back: [{"n":1}]' } });
      }
      expect(await warehouse.listRelations(schemas)).toEqual([]);
      const left = await warehouse.use((connection) =>
        connection.query(dialect.catalog.listSchemas(undefined)),
      );
      expect(left.map(({ schema }) => schema)).not.toContain(schemas[0]);
    }));
});
