import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliResult, openProject } from '../e2e/velo.ts';
import { createDatabase, dropDatabase, type TestDatabase } from './database.ts';

// The racing project as it is shipped, with its sample, built in both engines: models, tests, trained models and what
// they say.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AS_OF = '2026-01-10';
const MINUTES = 60_000;
/** Texts of JSON, which each engine spells in its own way: 128.0 or 128. What they say are columns of race_card, which are compared. */
const SPELT_BY_THE_ENGINE = ['served_row'];

/** What `velo diff --output json` prints. */
interface Diffed {
  readonly models: readonly { readonly status: string; readonly rows_here: number }[];
}

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'velo-racing-pg-'));
  const { host, port, user, password, name } = database;
  await writeFile(
    join(folder, 'profiles.yml'),
    `velo:
  outputs:
    duckdb: {type: duckdb, path: ${join(folder, 'velo.duckdb')}, threads: 2}
    postgres: {type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${password},
      dbname: ${name}, schema: main, threads: 2,
      session_settings: {enable_nestloop: off, jit: off, work_mem: 64MB}}
`,
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await dropDatabase(database);
});

const velo = (target: string, ...args: readonly string[]): Promise<CliResult> =>
  openProject(folder, {}).velo(
    [
      ...[...args, '--target', target, '--profiles-dir', folder],
      ...['--target-path', join(folder, target)],
    ],
    { cwd: ROOT },
  );

// The other model costs as much again and shows no more.
const BUILD = ['build', '--as-of', AS_OF, '--exclude', 'win_model_market'];

test('all nodes and tests succeed in Postgres', { timeout: 10 * MINUTES }, async () => {
  const built = await velo('postgres', ...BUILD);
  expect(built.exitCode, built.stdout + built.stderr).toBe(0);
  const [, passed, noted, total] =
    /Done\. PASS=(\d+) .*NO-OP=(\d+) .*TOTAL=(\d+)/.exec(built.stdout) ?? [];
  expect(Number(passed)).toBeGreaterThan(850);
  expect(Number(passed) + Number(noted)).toBe(Number(total));
});

test('every row of every model is the same', { timeout: 5 * MINUTES }, async () => {
  const built = await velo('duckdb', ...BUILD, 'resource_type:test');
  expect(built.exitCode, built.stdout + built.stderr).toBe(0);
  const compared = await velo(
    ...(['duckdb', 'diff', '--to', 'postgres', '--output', 'json'] as const),
    ...(['--exclude-columns', ...SPELT_BY_THE_ENGINE] as const),
  );
  const { models } = JSON.parse(compared.stdout) as Diffed;
  expect(models.filter(({ status }) => status !== 'same')).toEqual([]);
  expect(compared.exitCode, compared.stderr).toBe(0);
  const rows = models.reduce((sum, { rows_here }) => sum + rows_here, 0);
  process.stdout.write(`${models.length} models, ${rows} rows equal\n`);
  expect(models.length).toBeGreaterThan(40);
  expect(rows).toBeGreaterThan(300_000);
});

test('what is built is left alone, and dates alone have the same rows', {
  timeout: 5 * MINUTES,
}, async () => {
  const again = await velo('postgres', ...BUILD);
  expect(again.stdout).toMatch(/Nothing to do: all \d+ nodes are up to date/);
  const checked = ['trainer_velocity', 'horse_form', 'draw_bias', 'training_dataset'];
  const verified = await velo(
    ...(['postgres', 'verify', '--as-of', AS_OF, '--dates', '2', '-s', ...checked] as const),
  );
  expect(verified.exitCode, verified.stdout).toBe(0);
});
