import { adapters } from '../../src/adapters/index.ts';
import type { Query } from '../../src/sql/tree.ts';

/** Parses queries with the default engine, in memory. */
export async function parse(...texts: readonly string[]): Promise<Query[]> {
  const adapter = adapters.get('duckdb');
  const settings = adapter.parseSettings({ type: 'duckdb', path: ':memory:' });
  await using warehouse = await adapter.open(settings);
  return warehouse.use(async (connection) => {
    const queries: Query[] = [];
    for (const text of texts) {
      const query = await connection.parseQuery(text);
      if (!query) throw new Error(`not parsed: ${text}`);
      queries.push(query);
    }
    return queries;
  });
}
