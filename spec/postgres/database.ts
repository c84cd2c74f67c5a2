import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type ServerAddress, serverIn } from './server.ts';

/** A database of a test, and how profiles.yml names it. */
export interface TestDatabase extends ServerAddress {
  readonly name: string;
}

/** The server of this test run. */
export const testServer = (): Promise<ServerAddress> => serverIn(inject('postgresFolder'));

/** A new, empty database. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = `velo_${randomBytes(6).toString('hex')}`;
  await asOwner(server, `create database ${name}`);
  return { ...server, name };
}

export const dropDatabase = ({ name, ...server }: TestDatabase): Promise<unknown> =>
  asOwner(server, `drop database if exists ${name} with (force)`);

/** Runs statements in the server's own database. */
export const asOwner = (server: ServerAddress, ...statements: readonly string[]) =>
  inDatabase({ ...server, name: 'postgres' }, ...statements);

/** Runs statements one by one over a connection of the test's own; rows of the last, all values as text. */
export async function inDatabase(
  { name, host, port, user, password }: TestDatabase,
  ...statements: readonly string[]
): Promise<readonly (readonly (string | null)[])[]> {
  const types = { getTypeParser: () => (text: string) => text };
  const client = new pg.Client({ host, port, user, password, database: name, types });
  await client.connect();
  try {
    let rows: (string | null)[][] = [];
    for (const text of statements) {
      ({ rows } = await client.query<(string | null)[]>({ text, rowMode: 'array' }));
    }
    return rows;
  } finally {
    await client.end();
  }
}
