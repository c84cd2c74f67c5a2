import { cp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { asOwner, dropDatabase, testServer } from '../../postgres/database.ts';
import { profilesFor } from '../../postgres/project.ts';
import { rounds } from '../../rounds.ts';
import type { Files } from '../velo.ts';

/** A kind of database that is to survive kills: one more adapter is one more entry. */
export interface CrashDatabase {
  readonly adapter: string;
  /** How often a run of each scenario is killed. */
  readonly kills: number;
  /** What points the project of a folder at a database of its own. */
  files(folder: string): Promise<Files>;
  /** The target's keys, for the adapter itself. */
  target(folder: string): Promise<unknown>;
  /** A project folder and its database under another name; nobody has it open. */
  copy(from: string, to: string): Promise<void>;
  /** Ends the sessions of a run on the server's side; absent where there is no server. */
  strike?(folder: string): Promise<unknown>;
  /** Both are gone. */
  remove(folder: string): Promise<void>;
}

const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** The built-in profile keeps the database in the target folder: a copy of the one is a copy of the other. */
const duckdb: CrashDatabase = {
  adapter: 'duckdb',
  kills: rounds(6, 20),
  files: async () => ({}),
  target: async (folder) => ({ type: 'duckdb', path: join(folder, 'target/shop.duckdb') }),
  copy: (from, to) => cp(from, to, { recursive: true, preserveTimestamps: true }),
  remove: removeFolder,
};

/** A database of the test server for each folder, named after it. */
const databaseOf = async (folder: string) => ({
  ...(await testServer()),
  name: `velo_crash_${process.pid}_${basename(folder).replaceAll('-', '_')}`,
});

const postgres: CrashDatabase = {
  adapter: 'postgres',
  kills: rounds(4, 10),
  async files(folder) {
    const database = await databaseOf(folder);
    await asOwner(database, `create database ${database.name}`);
    return {
      'velo_project.yml': 'name: shop\nprofile: shop\n',
      'profiles.yml': profilesFor(database),
    };
  },
  async target(folder) {
    const { host, port, user, password, name: dbname } = await databaseOf(folder);
    return { type: 'postgres', host, port, user, password, dbname, schema: 'main' };
  },
  async copy(from, to) {
    await cp(from, to, { recursive: true, preserveTimestamps: true });
    const [old, made] = [await databaseOf(from), await databaseOf(to)];
    await asOwner(made, `create database ${made.name} template ${old.name}`);
    await writeFile(join(to, 'profiles.yml'), profilesFor(made));
  },
  async strike(folder) {
    const database = await databaseOf(folder);
    const sessions = `datname = '${database.name}' and application_name like 'velo%'`;
    return asOwner(
      database,
      `select pg_terminate_backend(pid) from pg_stat_activity where ${sessions}`,
    );
  },
  async remove(folder) {
    await removeFolder(folder);
    await dropDatabase(await databaseOf(folder));
  },
};

export const CRASH_DATABASES: readonly CrashDatabase[] = [duckdb, postgres];
