import { onTestFinished } from 'vitest';
import { type Files, makeProject, type TestProject } from '../e2e/velo.ts';
import { createDatabase, dropDatabase, inDatabase, type TestDatabase } from './database.ts';

/** A project that builds in a Postgres database of its own, in the schema `main`. */
export interface PostgresProject {
  readonly project: TestProject;
  readonly database: TestDatabase;
  /** Rows as texts; `main` is where names are looked up. */
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

/** What profiles.yml says of a database. */
export const profilesFor = (
  { host, port, user, password, name }: TestDatabase,
  schema = 'main',
): string =>
  `shop:
  target: pg
  outputs:
    pg: {type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${password},
      dbname: ${name}, schema: ${schema}, threads: 2}
`;

/** A project in a folder and a database that are gone when the test is finished. */
export async function makePostgresProject(files: Files): Promise<PostgresProject> {
  const database = await createDatabase();
  onTestFinished(() => dropDatabase(database).then(() => undefined));
  const config = String(files['velo_project.yml'] ?? 'name: shop\n');
  const project = makeProject({
    ...files,
    'velo_project.yml': `${config}profile: shop\n`,
    'profiles.yml': profilesFor(database),
  });
  return {
    project,
    database,
    query: (sql) => inDatabase(database, 'set search_path = main', sql),
  };
}
