import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../velo.ts';

/** A kind of database that is to survive kills: one more adapter is one more entry. */
export interface CrashDatabase {
  readonly adapter: string;
  /** What points the project of a folder at a database of its own. */
  files(folder: string): Files;
  /** The target's keys, for the adapter itself. */
  target(folder: string): unknown;
  /** A project folder and its database under another name; nobody has it open. */
  copy(from: string, to: string): Promise<void>;
}

/** The built-in profile keeps the database in the target folder: a copy of the one is a copy of the other. */
const duckdb: CrashDatabase = {
  adapter: 'duckdb',
  files: () => ({}),
  target: (folder) => ({ type: 'duckdb', path: join(folder, 'target/shop.duckdb') }),
  copy: (from, to) => cp(from, to, { recursive: true, preserveTimestamps: true }),
};

export const CRASH_DATABASES: readonly CrashDatabase[] = [duckdb];
