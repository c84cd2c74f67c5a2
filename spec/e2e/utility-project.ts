import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProject, query, type TestProject } from './velo.ts';

/** The project with two packages of utility macros; its folder is the caller's to remove. */
export interface UtilityProject extends TestProject {
  /** Rows of the project's database, in the order of all columns. */
  rows(relation: string): Promise<readonly (readonly unknown[])[]>;
  /** Replaces text in a file, which must hold it once. */
  edit(path: string, from: string, to: string): void;
  /** Runs `velo build`, expects it to do so, and names the models and tests that were not reused. */
  built(): Promise<readonly string[]>;
}

const SOURCE = join(import.meta.dirname, '../projects/utility');

export function copyUtilityProject(): UtilityProject {
  const dir = mkdtempSync(join(tmpdir(), 'velo-utility-'));
  cpSync(SOURCE, dir, { recursive: true });
  const project = openProject(dir, {});
  const database = join(dir, 'target/utility.duckdb');
  return {
    ...project,
    database,
    query: (sql) => query(database, sql),
    rows: (relation) => query(database, `select * from ${relation} order by all`),
    edit(path, from, to) {
      const parts = project.read(path).split(from);
      if (parts.length !== 2) throw new Error(`${path} holds ${parts.length - 1} of: ${from}`);
      project.write({ [path]: parts.join(to) });
    },
    async built() {
      const { exitCode, stdout, stderr } = await project.velo(['build']);
      if (exitCode !== 0) throw new Error(`velo build: ${exitCode}\n${stdout}\n${stderr}`);
      return results(project)
        .filter(({ status }) => status !== 'reused')
        .map(({ name }) => name)
        .sort();
    },
  };
}

export interface RunResult {
  readonly name: string;
  readonly status: string;
  readonly failures: number | null;
}

/** What run_results.json says of each node, by the name in its id. */
export function results(project: TestProject): readonly RunResult[] {
  const { results: all } = project.readJson('target/run_results.json') as {
    results: { unique_id: string; status: string; failures: number | null }[];
  };
  return all.map(({ unique_id, status, failures }) => ({
    name: unique_id.split('.')[2] ?? '',
    status,
    failures,
  }));
}
