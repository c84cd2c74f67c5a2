import { query } from '../e2e/velo.ts';

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
