import { asOwner, inDatabase, testServer } from '../../postgres/database.ts';
import type { Relation } from './messages.ts';
import type { ReplayPostgres } from './replay.ts';

const NAME = 'shop';
/** What the profile of the project says. */
const USER = 'dbt';
const PASSWORD = 'only-for-tests';

const RELATIONS = `select n.nspname, c.relname,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm') and n.nspname !~ '^(pg_|information_schema$)|(^|_)velo$'`;

const columnsOf = (
  schema: string,
  name: string,
) => `select a.attname, format_type(a.atttypid, a.atttypmod)
  from pg_attribute a where a.attrelid = '"${schema}"."${name}"'::regclass
  and a.attnum > 0 and not a.attisdropped order by a.attnum`;

/** A value as JSON has it; decimals stay texts. */
function cellOf(text: string | null, type: string): unknown {
  if (type === 'boolean') return text === null ? null : text === 't';
  return type === 'double precision' && text !== null ? Number(text) : text;
}

/** The database the project's profile names, new and empty, in the server of this test run. */
export async function shopPostgres(): Promise<ReplayPostgres & { drop(): Promise<void> }> {
  const server = await testServer();
  const drop = `drop database if exists ${NAME} with (force)`;
  await asOwner(server, drop, `drop role if exists ${USER}`);
  await asOwner(
    server,
    `create role ${USER} login superuser password '${PASSWORD}'`,
    `create database ${NAME} owner ${USER}`,
  );
  const database = { ...server, user: USER, password: PASSWORD, name: NAME };
  return {
    env: { SHOP_PG_PORT: String(server.port), SHOP_PG_PASSWORD: PASSWORD },
    run: async (statements) => {
      await inDatabase(database, ...statements);
    },
    relations: async () => {
      const relations: Record<string, Relation> = {};
      const found = await inDatabase(database, RELATIONS);
      for (const [schema, name, kind] of found as [string, string, string][]) {
        const columns = await inDatabase(database, columnsOf(schema, name));
        const rows = await inDatabase(database, `select * from "${schema}"."${name}"`);
        const named = columns as [string, string][];
        relations[`${schema}.${name}`] = {
          kind,
          columns: named,
          rows: rows.map((row) => row.map((text, i) => cellOf(text, named[i]?.[1] ?? ''))),
        };
      }
      return relations;
    },
    drop: async () => {
      await asOwner(server, drop, `drop role if exists ${USER}`);
    },
  };
}
