import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Driver } from './connection.ts';
import { createFile } from './create-file.ts';
import { duckdbDialect } from './dialect.ts';
import { openError, statementError } from './errors.ts';
import { type DuckdbSettings, MEMORY } from './settings.ts';

const { literal, quote } = duckdbDialect;

/** Several processes may read a file; who writes to it is alone. */
export type Access = 'read' | 'write';

/** Opens the file, loads the extensions and attaches the other files. @throws DatabaseError */
export async function openInstance(
  driver: Driver,
  settings: DuckdbSettings,
  access: Access,
): Promise<DuckDBInstance> {
  const instance = await openFile(driver, settings, access);
  try {
    await withSession(instance, settings, async (session) => {
      for (const name of settings.extensions) await run(session, `load ${literal(name)}`);
      for (const { path, alias, read_only } of settings.attach) {
        const options = read_only || access === 'read' ? ' (read_only)' : '';
        const sql = `attach if not exists ${literal(path)} as ${quote(alias)}${options}`;
        await session
          .run(sql)
          .catch((error: unknown) => Promise.reject(openError(error, path, sql)));
      }
    });
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Lends a new session of the instance and closes it. */
export async function withSession<T>(
  instance: DuckDBInstance,
  settings: DuckdbSettings,
  work: (session: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const session = await instance.connect();
  try {
    // Positions in errors are exact only in this form; and no result may depend on the machine's time zone.
    await run(session, `set errors_as_json = true; set TimeZone = 'UTC'`);
    for (const [name, value] of Object.entries(settings.settings)) {
      await run(session, `set ${quote(name)} = ${literal(value)}`);
    }
    return await work(session);
  } finally {
    session.closeSync();
  }
}

/**
 * Two instances of one file in a process lose each other's rows, without an error; the driver's cache prevents that,
 * as long as a file has one name.
 */
async function openFile(
  driver: Driver,
  settings: DuckdbSettings,
  access: Access,
): Promise<DuckDBInstance> {
  const options = {
    threads: String(settings.threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: settings.memory_limit,
    ...(access === 'read' && { access_mode: 'READ_ONLY' }),
    ...(settings.temp_directory && { temp_directory: settings.temp_directory }),
  };
  try {
    if (settings.path === MEMORY) return await driver.DuckDBInstance.create(MEMORY, options);
    const path = await onePath(settings.path);
    if (access === 'write') await createFile(driver, path);
    return await driver.DuckDBInstance.fromCache(path, options);
  } catch (error) {
    throw openError(error, settings.path);
  }
}

async function onePath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path)); // not made yet, or not there: DuckDB says which
  }
}

async function run(session: DuckDBConnection, sql: string): Promise<void> {
  try {
    await session.run(sql);
  } catch (error) {
    throw statementError(error, sql);
  }
}
