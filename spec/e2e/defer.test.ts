import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePostgresProject, profilesFor } from '../postgres/project.ts';
import { makeProject, type TestProject } from './velo.ts';

/** `main` is production; `dev` has a schema of its own in the same database. */
const PROFILES = `shop:
  target: main
  outputs:
    main: {type: duckdb, path: target/shop.duckdb}
    dev: {type: duckdb, path: target/shop.duckdb, schema: dev}
`;

const FILES = {
  'velo_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': PROFILES,
  'seeds/raw.csv': 'id,amount\n1,10\n2,20\n',
  'models/orders.sql': "select id, amount from {{ ref('raw') }}\n",
  'models/paid.sql': "{{ config(materialized='ephemeral') }}select * from {{ ref('orders') }}\n",
  'models/totals.sql':
    "{{ config(materialized='table') }}select sum(amount) as total from {{ ref('paid') }}\n",
};

/** Production is built, and its artifacts are kept in `prod`. */
async function afterProduction(project: TestProject): Promise<TestProject> {
  const { exitCode, stdout } = await project.velo(['build']);
  expect(exitCode, stdout).toBe(0);
  cpSync(join(project.dir, 'target'), join(project.dir, 'prod'), { recursive: true });
  return project;
}

const inDev = ['--target', 'dev', '--state', 'prod'];

describe('--defer', () => {
  it('reads what is not here from where it was built, also through an ephemeral model', async () => {
    const project = await afterProduction(makeProject(FILES));
    project.write({
      'models/totals.sql': `${FILES['models/totals.sql']} having sum(amount) > 5\n`,
    });
    const args = ['-s', 'state:modified', '--defer', ...inDev];
    const { exitCode, stdout } = await project.velo(['build', ...args]);
    expect(exitCode, stdout).toBe(0);
    expect(await query(project, 'select total from dev.totals')).toEqual([['30']]);
    expect(await query(project, "select table_name from duckdb_tables() where schema_name = 'dev'")) //
      .toEqual([['totals']]);
    const plan = await project.velo(['plan', ...args]);
    expect(plan.exitCode, plan.stderr).toBe(0);
  });

  it('what is here comes first, unless the state is favoured', async () => {
    const project = await afterProduction(makeProject(FILES));
    await project.velo(['run', '-s', 'orders', '--defer', ...inDev]);
    const compiled = async (...more: readonly string[]) => {
      const args = ['compile', '-q', '-s', 'totals', '--target', 'dev', ...more];
      return (await project.velo(args, { env: { DBT_STATE: 'prod' } })).stdout;
    };
    expect(await compiled()).toContain('"dev"."orders"');
    expect(await compiled('--defer')).toContain('"dev"."orders"');
    expect(await compiled('--defer', '--favor-state')).toContain('"main"."orders"');
    expect(await compiled('--defer', '--favor-state', '--no-defer')).toContain('"dev"."orders"');
  });

  it('needs a state', async () => {
    const { exitCode, stderr, stdout } = await makeProject(FILES).velo(['run', '--defer']);
    expect([exitCode, stdout + stderr]).toEqual([
      2,
      expect.stringContaining('--state or --defer-state are required for deferral'),
    ]);
  });
});

describe('clone', () => {
  it('makes views on what stands elsewhere, which are no builds', async () => {
    const project = await afterProduction(makeProject(FILES));
    await project.velo(['run', '-s', 'orders', '--defer', ...inDev]);
    await change(project, 'create or replace view dev.orders as select 0 as id, 0 as amount');
    const first = await project.velo(['clone', ...inDev]);
    expect(first.exitCode, first.stdout).toBe(0);
    expect(first.stdout).toContain('Relation "shop"."dev"."orders" already exists');
    expect(await query(project, 'select total from dev.totals')).toEqual([['30']]);
    const all = await project.velo(['clone', '--full-refresh', ...inDev]);
    expect(all.stdout).toContain('PASS=3 WARN=0 ERROR=0');
    expect(await query(project, 'select sum(amount) from dev.orders')).toEqual([['30']]);
    const results = project.readJson('target/run_results.json')['results'] as { status: string }[];
    expect(results.map(({ status }) => status)).toEqual(['success', 'success', 'success']);

    // `orders` was built here before: the view that stands in its place is not taken for it.
    project.write({ 'seeds/raw.csv': 'id,amount\n1,1\n' });
    await project.velo(['build', '-s', 'raw', 'orders', '--target', 'dev']);
    expect(await query(project, 'select sum(amount) from dev.orders')).toEqual([['1']]);
  });

  it('of a place on itself leaves the rows alone', async () => {
    const project = await afterProduction(makeProject(FILES));
    const { exitCode } = await project.velo(['clone', '--full-refresh', '--state', 'prod']);
    expect(exitCode).toBe(0);
    expect(await query(project, 'select total from totals')).toEqual([['30']]);
  });

  it('tells of what cannot be cloned', async () => {
    const project = await afterProduction(makeProject(FILES));
    await change(project, 'drop table totals');
    const { exitCode, stdout } = await project.velo(['clone', '-s', 'totals', ...inDev]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('in model totals')]);
  });
});

it('defers and clones in Postgres', async () => {
  const { 'profiles.yml': _, 'velo_project.yml': __, ...files } = FILES;
  const { project, database, query: ask } = await makePostgresProject(files);
  await afterProduction(project);
  project.write({ 'profiles.yml': profilesFor(database, 'dev') });
  const built = await project.velo(['run', '-s', 'totals', '--defer', '--state', 'prod']);
  expect(built.exitCode, built.stdout).toBe(0);
  const cloned = await project.velo(['clone', '--state', 'prod']);
  expect(cloned.stdout).toContain('"dev"."totals" already exists');
  expect(cloned.exitCode, cloned.stdout).toBe(0);
  expect(await ask('select total, (select count(*) from dev.orders) from dev.totals')).toEqual([
    ['30', '2'],
  ]);
});

const query = async (project: TestProject, sql: string) =>
  (await project.query(sql)).map((row) => row.map(String));

const change = (project: TestProject, sql: string) => project.velo(['run-operation', '--sql', sql]);
