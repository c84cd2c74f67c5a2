import { expect, it } from 'vitest';
import { duckdb } from './duckdb.ts';

it('names a few of the functions that could have been meant', async () => {
  await using warehouse = await duckdb.open(
    duckdb.parseSettings({ type: 'duckdb', path: ':memory:' }),
  );
  const message = (sql: string) =>
    warehouse.use((connection) => connection.query(sql)).then(String, ({ message: text }) => text);
  // DuckDB 1.5 has sixteen functions of this name.
  const many = await message("select round('a', 'b', 'c')");
  expect(many.split('\n')).toHaveLength(8);
  expect(many).toContain('\n\tround(TINYINT) -> TINYINT\n');
  expect(many.endsWith('\n\t… and 11 more')).toBe(true);
  expect(await message("select bit_count('a', 'b', 'c')")).not.toContain('more');
});
