import type { Client } from 'pg';
import type { Connector } from './connect.ts';
import { lockedError, statementError } from './errors.ts';
import { literal } from './names.ts';
import { endSession, letGo } from './session.ts';
import type { PostgresSettings } from './settings.ts';

/** The right to write to a target's schema, held by a session of its own: it ends with the process, however that ends. */
export interface Lock {
  /** For small statements besides the steps' own: cancelling, the catalog. */
  readonly client: Client;
  /** The session is gone, and with it the lock. */
  readonly isLost: boolean;
  release(): Promise<void>;
}

interface Held {
  readonly client: Client;
  holders: number;
  isLost: boolean;
}

/** Locks of this process, by target: who opens a target twice holds it once. */
const held = new Map<string, Promise<Held>>();

/**
 * Takes the lock of a schema, which no two runs hold at once. It is one of advice: others' sessions are not hindered.
 * @throws DatabaseError 'database-locked' naming the session that holds it
 */
export async function takeLock(connector: Connector, settings: PostgresSettings): Promise<Lock> {
  const { host, port, database, schema } = settings;
  const key = JSON.stringify([host, port, database, schema]);
  const taken = held.get(key) ?? acquire(connector, settings);
  held.set(key, taken);
  try {
    const lock = await taken;
    lock.holders += 1;
    return lockOf(lock, key);
  } catch (error) {
    held.delete(key);
    throw error;
  }
}

function lockOf(lock: Held, key: string): Lock {
  return {
    client: lock.client,
    get isLost() {
      return lock.isLost;
    },
    async release() {
      lock.holders -= 1;
      if (lock.holders > 0) return;
      held.delete(key);
      await endSession(lock.client);
    },
  };
}

async function acquire(connector: Connector, settings: PostgresSettings): Promise<Held> {
  const client = await connector.connect(`${settings.application_name} (process ${process.pid})`);
  try {
    const number = `hashtextextended(${literal(`velo ${settings.schema}`)}, 0)`;
    const { rows } = await client.query<{ taken: string }>(
      `select pg_try_advisory_lock(${number}) as taken`,
    );
    if (rows[0]?.taken !== 't') throw lockedError(settings, await holderOf(client, number));
  } catch (error) {
    await endSession(client);
    throw statementError(error, '');
  }
  letGo(client);
  const lock: Held = { client, holders: 0, isLost: false };
  client.on('end', () => {
    lock.isLost = true;
    held.delete(JSON.stringify([settings.host, settings.port, settings.database, settings.schema]));
  });
  return lock;
}

/** Who holds it, as the server lists sessions. The number stands in pg_locks in two halves. */
async function holderOf(client: Client, number: string): Promise<string | undefined> {
  const { rows } = await client.query<Record<string, string>>(
    `select a.application_name as name, a.pid, a.usename as role
from pg_locks as l join pg_stat_activity as a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_database where datname = current_database())
  and (cast(l.classid as bigint) << 32) | cast(l.objid as bigint) = ${number}`,
  );
  const [row] = rows;
  return row && `${row['name']} of ${row['role']}, server process ${row['pid']}`;
}
