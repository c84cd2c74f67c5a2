import type { Warehouse } from '../../src/adapters/adapter.ts';
import { adapters } from '../../src/adapters/index.ts';
import type { Query } from '../../src/sql/tree.ts';

let opened: Promise<Warehouse> | undefined;

/** Parses a query with the default engine, in memory; it stays open for all tests of a file. */
export async function parse(text: string): Promise<Query> {
  opened ??= open();
  const warehouse = await opened;
  const query = await warehouse.use((connection) => connection.parseQuery(text));
  if (!query) throw new Error(`not parsed: ${text}`);
  return query;
}

async function open(): Promise<Warehouse> {
  const adapter = await adapters.get('duckdb').load();
  return adapter.open(adapter.parseSettings({ type: 'duckdb', path: ':memory:' }));
}
