import { describe, expect, it } from 'vitest';
import { holdDatabase } from './database-holder.ts';
import { makeProject, type TestProject } from './velo.ts';

/** A model that adds a row whenever it is built, after one that takes a while. */
const shop = (): TestProject =>
  makeProject({
    'models/numbers.sql':
      "{{ config(materialized='table') }}\nselect 1 as n, sum(i % 7) as slow from range({{ var('rows', 10) }}::bigint) t(i)\n",
    'models/log.sql':
      "{{ config(materialized='incremental', incremental_strategy='append') }}\nselect count(*) as n from {{ ref('numbers') }}\n",
  });

async function builtShop(): Promise<TestProject> {
  const project = shop();
  expect((await project.velo(['build'])).exitCode).toBe(0);
  return project;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe('a build beside another process that has the database', () => {
  it('waits with --wait, and says for whom', async () => {
    const project = await builtShop();
    const holder = await holdDatabase(project.database);
    const running = project.start(['build', '-f', '--wait']);
    await running.untilPrinted('Waiting');
    await pause(200);
    await holder.release();
    const { exitCode, stdout, stderr } = await running.ended;
    expect([exitCode, stderr]).toEqual([0, '']);
    const told = stdout.split('\n').filter((line) => line.startsWith('Waiting'));
    expect(told).toEqual([
      `Waiting: <project>/target/shop.duckdb is in use by process ${holder.pid} (${process.execPath}) (Ctrl-C leaves)`,
    ]);
    expect(stdout).toContain('Completed successfully');
  });

  it('waits no longer than it is told', async () => {
    const project = await builtShop();
    const holder = await holdDatabase(project.database);
    const startedAt = performance.now();
    const result = await project.velo(['run', '-f', '--wait', '1']);
    expect(performance.now() - startedAt).toBeGreaterThan(1000);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain('Waiting up to 1 s: ');
    expect(result.stderr).toBe(`error[database-locked]
  <project>/target/shop.duckdb is in use by process ${holder.pid} (${process.execPath})
  hint: waited 1 s; wait longer (--wait), or stop it
  docs: docs/errors/database-locked.md
`);
  });

  it('stops waiting at Ctrl-C', async () => {
    const project = await builtShop();
    const holder = await holdDatabase(project.database);
    const running = project.start(['build', '-f', '--wait']);
    await running.untilPrinted('Waiting');
    running.child.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('interrupted while waiting for the database');
    await holder.release();
    expect(project.readJson('target/run_results.json')['results']).toEqual([]);
  });

  it('says what a wait may not be', async () => {
    const result = await shop().velo(['build', '--wait', 'long']);
    expect([result.exitCode, result.stderr]).toEqual([
      2,
      `error[usage]
  --wait 'long' is not a whole number of at least 1
  docs: docs/errors/usage.md
`,
    ]);
  });

  it('does what is left to do once it has the database, and nothing twice', async () => {
    const project = await builtShop();
    const slow = ['build', '--vars', '{rows: 400000000}'];
    const first = project.start(slow);
    await first.untilPrinted('START sql table model main.numbers');
    // Its plan from the state that was kept is to build both: that is no longer so when its turn comes.
    const second = project.start([...slow, '--wait']);
    await second.untilPrinted('Waiting');
    expect((await first.ended).exitCode).toBe(0);
    const { exitCode, stdout } = await second.ended;
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Nothing to do: all 2 nodes')]);
    expect(await project.query('select count(*)::int from log')).toEqual([[2]]);
  });
});

describe('a command that only reads, while another process writes', () => {
  it('plans from the state that was kept while it is the last one', async () => {
    const project = await builtShop();
    await holdDatabase(project.database);
    const { exitCode, stdout, stderr } = await project.velo(['plan']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Nothing to do: all 2 nodes');
  });

  it('plans from what velo knew last, and says so', async () => {
    const project = await builtShop();
    const holder = await holdDatabase(project.database, { sql: 'create table other as select 1' });
    const planned = await project.velo(['plan', '-f', '-s', 'numbers']);
    expect(planned.exitCode).toBe(0);
    expect(planned.stdout).toContain('asked for');
    const [warning = ''] = planned.stderr.split('\n');
    expect(warning.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, '<time>')).toBe(
      `[WARNING]: <project>/target/shop.duckdb is in use by process ${holder.pid} (${process.execPath}): this is as of what velo last knew of it, <time> UTC`,
    );
  });

  it.each([['ls'], ['parse'], ['compile']])('velo %s needs no database', async (command) => {
    const project = await builtShop();
    await holdDatabase(project.database);
    const { exitCode, stderr } = await project.velo([command]);
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('is in use')]);
  });

  it('cannot plan for a database it has never seen', async () => {
    const project = shop();
    project.write({ 'target/.keep': '' });
    await holdDatabase(project.database);
    const { exitCode, stderr } = await project.velo(['plan']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('error[database-locked]')]);
  });
});

describe('a command that only reads, beside one that reads', () => {
  it.each([
    [['show', '--select', 'numbers'], '| n | slow |'],
    [['plan', '-f'], '2 nodes to build'],
    [
      [
        'compile',
        '--inline',
        "{% if execute %}{{ run_query('select 40 + 2 as n').columns[0].values()[0] }}{% endif %}",
      ],
      '42',
    ],
  ])('velo %j works', async (args, answer) => {
    const project = await builtShop();
    project.remove('target/state.dev.json');
    await holdDatabase(project.database, { access: 'READ_ONLY' });
    const { exitCode, stdout } = await project.velo(args);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(answer)]);
  });

  it('velo build waits for the reader', async () => {
    const project = await builtShop();
    const holder = await holdDatabase(project.database, { access: 'READ_ONLY' });
    const { exitCode, stderr } = await project.velo(['build', '-f']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`is in use by process ${holder.pid}`),
    ]);
  });

  it('plans where there is no database, and makes none', async () => {
    const project = shop();
    expect((await project.velo(['plan'])).stdout).toContain('2 nodes to build');
    expect(project.exists('target/shop.duckdb')).toBe(false);
  });
});
