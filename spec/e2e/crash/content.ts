import type { Connection, Dialect, Warehouse } from '../../../src/adapters/adapter.ts';
import { adapters } from '../../../src/adapters/index.ts';
import { hashOf } from '../../../src/core/fingerprint.ts';
import { formatInterval } from '../../../src/core/grain.ts';
import type { Relation } from '../../../src/core/relation.ts';
import { readLedger } from '../../../src/state/ledger.ts';
import { LEDGER_FORMAT, ledgerTables } from '../../../src/state/ledger-schema.ts';
import type { CrashDatabase } from './databases.ts';

/** All that two builds must agree on, by name. */
export type Content = Readonly<Record<string, string>>;

const SYSTEM_SCHEMAS = new Set(['information_schema', 'pg_catalog', 'pg_toast']);

/**
 * Every table and view with its row count and a hash of its rows, in no order; and of the ledger for each node what it
 * was made from and the finished dates. When, how fast and in how many goes things were done is left out.
 */
export async function contentOf(database: CrashDatabase, folder: string): Promise<Content> {
  const { open, dialect, parseSettings } = await adapters.get(database.adapter).load();
  await using warehouse = await open(parseSettings(await database.target(folder)));
  return await warehouse.use(async (connection) => ({
    ...(await relationHashes(warehouse, connection, dialect)),
    ...(await ledgerLines(connection, dialect)),
  }));
}

async function relationHashes(
  warehouse: Warehouse,
  connection: Connection,
  dialect: Dialect,
): Promise<Content> {
  const rows = await connection.query(dialect.catalog.listSchemas(undefined));
  const schemas = rows.map(({ schema }) => String(schema));
  const content: Record<string, string> = {};
  for (const { relation, type } of await warehouse.listRelations(
    schemas.filter((schema) => !SYSTEM_SCHEMAS.has(schema)),
  )) {
    const { schema, name } = relation;
    const hash = isLedger(relation)
      ? 'see its lines'
      : await rowsHash(relation, connection, dialect);
    content[`${type} ${schema}.${name}`] = hash;
  }
  return content;
}

const isLedger = ({ schema, name }: Relation): boolean =>
  /^(?:main_)?velo$/.test(schema) && name === 'ledger';

async function rowsHash(
  relation: Relation,
  connection: Connection,
  dialect: Dialect,
): Promise<string> {
  const text = `select count(*) as n, md5(string_agg(line, '|' order by line)) as hash
from (select cast(t as varchar) as line from ${dialect.relation(relation)} as t) as lines`;
  const [row] = await connection.query(text);
  return `${String(row?.['n'])} rows ${String(row?.['hash'])}`;
}

async function ledgerLines(connection: Connection, dialect: Dialect): Promise<Content> {
  const { ledger } = ledgerTables(dialect, { database: undefined, schema: 'main' });
  const { states } = await readLedger(connection, dialect, ledger, LEDGER_FORMAT);
  return Object.fromEntries(
    [...states].map(([key, { fingerprint, ranges }]) => [
      `ledger ${key}`,
      [hashOf(fingerprint), ...ranges.map((range) => formatInterval(range, 'day'))].join(' '),
    ]),
  );
}
