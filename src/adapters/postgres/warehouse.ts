import { createRequire } from 'node:module';
import { DatabaseError } from '../../core/errors.ts';
import type { RelationInfo, RelationType, Row, Warehouse } from '../adapter.ts';
import { type Connector, createConnector, type Driver } from './connect.ts';
import { connectionOf, type Drivers, type Rights } from './connection.ts';
import type { CopyDriver } from './copy-rows.ts';
import { oldServer } from './errors.ts';
import { type Lock, takeLock } from './lock.ts';
import { literal } from './names.ts';
import { createQueryParser } from './parse-query.ts';
import { createPool, type Pool } from './pool.ts';
import type { CursorDriver } from './read-columns.ts';
import { processOf } from './session.ts';
import type { PostgresSettings } from './settings.ts';

/** The oldest version whose SQL is that of the dialect. */
const OLDEST_VERSION = 15;

/**
 * Opens the target's database: to write, once no other run writes to its schema; to read, beside everybody.
 * @throws DatabaseError, of code 'database-locked' while another run writes
 */
export async function openWarehouse(
  settings: PostgresSettings,
  access: 'read' | 'write' = 'write',
): Promise<Warehouse> {
  // Not at the top of a file: commands that need no database must not pay for a driver.
  const load = createRequire(import.meta.url);
  const isReader = access === 'read';
  const connector = createConnector(load('pg') as Driver, settings, isReader);
  const lock = isReader ? undefined : await takeLock(connector, settings);
  const parser = createQueryParser();
  const drivers: Drivers = {
    cursor: load('pg-cursor') as CursorDriver,
    copy: load('pg-copy-streams') as CopyDriver,
    parseQuery: parser.parse,
  };
  const pool = createPool(connector, settings, isReader);
  const close = async () => {
    await Promise.all([pool.close(), parser[Symbol.asyncDispose](), lock?.release()]);
  };
  const rights: Rights = {
    isReader,
    check() {
      if (lock?.isLost) throw lostLock();
    },
  };
  const use: Warehouse['use'] = async (work, purpose) => {
    rights.check();
    return pool.lend((session) => work(connectionOf(session, drivers, rights)), purpose);
  };
  try {
    await checkVersion(use);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    use,
    listRelations: (schemas) =>
      use(async (connection) => (await connection.query(catalogQuery(schemas))).map(relationInfo)),
    // What is committed stays where it is.
    settle: async () => undefined,
    interrupt: () => interruptUntilReturned(pool, lock, connector),
    [Symbol.asyncDispose]: close,
  };
}

async function checkVersion(use: Warehouse['use']): Promise<void> {
  const [row] = await use(({ query }) =>
    query(`select current_setting('server_version') as version,
  current_setting('server_version_num')::int / 10000 as major`),
  );
  if (Number(row?.['major']) < OLDEST_VERSION) {
    throw oldServer(String(row?.['version']), OLDEST_VERSION);
  }
}

/** Without the lock another run may write to the same tables. */
const lostLock = (): DatabaseError =>
  new DatabaseError(
    'connection-lost',
    'the session that holds the lock of the target is gone',
    '',
    {
      hint: 'what was not committed is undone; run again when the server answers (velo debug tells)',
    },
  );

const INTERRUPT_EVERY_MS = 100;

/**
 * A request to cancel that comes between two statements is forgotten by the server: it is repeated until each session
 * that is lent now has been given back.
 */
function interruptUntilReturned(pool: Pool, lock: Lock | undefined, connector: Connector): void {
  const meant = pool.lent();
  for (const loan of meant) loan.isStopped = true;
  const again = async () => {
    const left = meant.filter((loan) => pool.lent().includes(loan));
    const pids = left.flatMap(({ session }) => (session ? processOf(session) : []));
    if (pids.length > 0) await cancel(pids, lock, connector).catch(() => undefined);
    if (left.length > 0) setTimeout(() => void again(), INTERRUPT_EVERY_MS).unref();
  };
  void again();
}

async function cancel(
  pids: readonly number[],
  lock: Lock | undefined,
  connector: Connector,
): Promise<void> {
  const sql = `select pg_cancel_backend(pid) from unnest(array[${pids.join(', ')}]) as lent(pid)`;
  if (lock && !lock.isLost) {
    await lock.client.query(sql);
    return;
  }
  const client = await connector.connect();
  await client.query(sql).finally(() => client.end());
}

/** One query, however many schemas and relations. */
function catalogQuery(schemas: readonly string[]): string {
  const wanted = ["''", ...schemas.map(literal)].join(', ');
  return `select current_database() as "database", n.nspname as "schema", c.relname as "name",
  case c.relkind when 'v' then 'view' else 'table' end as "type"
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition and n.nspname in (${wanted})
order by 2, 3`;
}

function relationInfo(row: Row): RelationInfo {
  const { database, schema, name, type } = row as Record<string, string>;
  return { relation: { database, schema, name }, type: type as RelationType } as RelationInfo;
}
