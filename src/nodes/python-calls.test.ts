import { expect, test } from 'vitest';
import { pythonCalls } from './python-calls.ts';

const TEXT = `def model(dbt, session):
    # dbt.ref("not_this")
    dbt.config(
        materialized="table",
        tags=["a", "b"],
    )
    note = "dbt.ref('nor this')"
    """dbt.source("nor", "this")"""
    limit = dbt.config.get("top", 2)
    return dbt.ref("orders").join(dbt . source("feed", "visits (all)"))
`;

test('calls of dbt outside of strings and comments', () => {
  const calls = pythonCalls(TEXT);
  expect(calls.map(({ name, literals }) => ({ name, literals }))).toEqual([
    { name: 'config', literals: [] },
    { name: 'config.get', literals: ['top', 2] },
    { name: 'ref', literals: ['orders'] },
    { name: 'source', literals: ['feed', 'visits (all)'] },
  ]);
  expect(calls[2]).toMatchObject({ args: '"orders"', line: 10, column: 20 });
});
