import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, dropDatabase, inDatabase } from '../postgres/database.ts';

/** The folder of one test and the target settings that put a real database into it, by adapter. */
export interface Target {
  readonly folder: string;
  readonly input: unknown;
  /** The database is a file, which is made when it is first opened. */
  readonly isFile: boolean;
}

type UseInput = (input: unknown) => Promise<void>;

/** Hands a new, empty database with a schema `main`, in which names are looked up, to `use`. */
const DATABASES: Readonly<Record<string, (folder: string, use: UseInput) => Promise<void>>> = {
  duckdb: (folder, use) => use({ type: 'duckdb', path: join(folder, 'test.duckdb'), threads: 2 }),
  async postgres(_, use) {
    const database = await createDatabase();
    try {
      await inDatabase(database, 'create schema main');
      const { host, port, user, password, name: dbname } = database;
      const place = { dbname, schema: 'main', search_path: 'main', threads: 2 };
      await use({ type: 'postgres', host, port, user, password, ...place });
    } finally {
      await dropDatabase(database);
    }
  },
};

/** Runs `work` with a new, empty database. */
export async function withTarget<T>(
  adapter: string,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const withDatabase = DATABASES[adapter];
  if (!withDatabase) throw new Error(`spec/conformance/target.ts has no target for '${adapter}'`);
  const folder = await mkdtemp(join(tmpdir(), 'velo-conformance-'));
  const results: T[] = [];
  try {
    await withDatabase(folder, async (input) => {
      results.push(await work({ folder, input, isFile: adapter === 'duckdb' }));
    });
    return results[0] as T;
  } finally {
    await rm(folder, { recursive: true });
  }
}
