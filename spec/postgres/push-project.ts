import { onTestFinished } from 'vitest';
import { type Files, makeProject, type TestProject } from '../e2e/velo.ts';
import { createDatabase, dropDatabase, inDatabase, type TestDatabase } from './database.ts';

/** A project with a DuckDB target `dev`, in which it is built, and a Postgres target `prod`, schema `live`. */
export interface TwoTargetProject {
  readonly project: TestProject;
  readonly database: TestDatabase;
  /** Rows of Postgres as texts. */
  readonly query: (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
}

export async function makeTwoTargets(files: Files): Promise<TwoTargetProject> {
  const database = await createDatabase();
  onTestFinished(() => dropDatabase(database).then(() => undefined));
  const { host, port, user, password, name } = database;
  const project = makeProject({
    'velo_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: dev.duckdb, schema: main, threads: 2}
    prod: {type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${password},
      dbname: ${name}, schema: live, threads: 2}
`,
    ...files,
  });
  const query = (sql: string) => inDatabase(database, 'set search_path = live', sql);
  return { project, database, query };
}
