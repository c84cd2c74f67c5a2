import { query } from '../e2e/velo.ts';
import { inDatabase, type TestDatabase } from '../postgres/database.ts';

/** Count and two order-free sums of row hashes of each table and view of a schema, by name. */
export async function rowHashes(
  database: string,
  schema = 'main',
): Promise<Readonly<Record<string, string>>> {
  const names = await query(
    database,
    `select table_name from information_schema.tables where table_schema = '${schema}' order by 1`,
  );
  const entries: [string, string][] = [];
  for (const [name] of names)
    entries.push([String(name), await rowHash(database, `"${schema}"."${name}"`)]);
  return Object.fromEntries(entries);
}

/** Of one relation. The sum tells apart rows that an xor would cancel out. */
async function rowHash(database: string, relation: string): Promise<string> {
  const [row] = await query(
    database,
    `select count(*), coalesce(sum(hash(t)::hugeint), 0), coalesce(bit_xor(hash(t)), 0) from ${relation} as t`,
  );
  return (row ?? []).join(' ');
}

/** The same of the schema `main` of a Postgres database: rows by their texts. */
export async function postgresRowHashes(
  database: TestDatabase,
): Promise<Readonly<Record<string, string>>> {
  const names = await inDatabase(
    database,
    "select relname from pg_class where relnamespace = 'main'::regnamespace and relkind in ('r', 'v') order by 1",
  );
  const entries: [string, string][] = [];
  for (const [name] of names) {
    const sql = `select concat(count(*), ' ', md5(string_agg(t::text, '|' order by t::text))) from main."${name}" as t`;
    const [row] = await inDatabase(database, sql);
    entries.push([String(name), String(row?.[0])]);
  }
  return Object.fromEntries(entries);
}
