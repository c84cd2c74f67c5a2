import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject, verdictOf } from './velo.ts';

/** Twelve dates, each a batch that keeps the engine busy for a moment. */
const DATES = `{{ config(
    materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01'
) }}
select {{ as_of.start }} as d, (select sum(i % 7) from range(10000000) t(i)) as total
`;
const BUILD_DATES = ['build', '--as-of', '2024-01-12', '--batch-size', '1'];

/** Runs for hours when `rows` is 1e12. */
const SLOW = `{{ config(materialized='table') }}
select sum(i % 7) as total from range({{ var('rows', 10) }}::bigint) t(i)
`;
const FOREVER = ['build', '--threads', '1', '--vars', '{rows: 1000000000000}'];
const STARTED = 'START sql table model main.slow';

const slowShop = (): TestProject =>
  makeProject({
    'models/slow.sql': SLOW,
    'models/report.sql':
      "{{ config(materialized='table') }}\nselect total * 2 as twice from {{ ref('slow') }}\n",
  });

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const statuses = (project: TestProject): unknown[] => {
  const { results } = project.readJson('target/run_results.json') as {
    results: { unique_id: string; status: string }[];
  };
  return results.map(({ unique_id, status }) => [unique_id, status]);
};

describe('Ctrl-C', () => {
  // With a pause the statement runs; without one it may not have begun.
  it.each([300, 0])('stops a long statement and rolls it back (after %i ms)', async (waitMs) => {
    const project = slowShop();
    expect((await project.velo(['build'])).exitCode).toBe(0);
    const running = project.start(FOREVER);
    await running.untilPrinted(STARTED);
    await pause(waitMs);
    running.child.kill('SIGINT');
    const result = await running.ended;
    expect([result.exitCode, result.stderr]).toEqual([130, '']);
    expect(result.stdout).toContain(
      '[WARNING]: Interrupted: cancelling what runs (once more to leave at once)\n',
    );
    expect(verdictOf(result)).toMatchInlineSnapshot(`
      "Exited because of keyboard interrupt

      [ERROR]: in model slow (models/slow.sql)
        Runtime Error in model slow (models/slow.sql)
        error[interrupted]
          the statement was interrupted
          docs: docs/errors/interrupted.md

      Done. PASS=0 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
    expect(statuses(project)).toEqual([
      ['model.shop.slow', 'error'],
      ['model.shop.report', 'skipped'],
    ]);
    const rows = await project.query('select total::int, twice::int from slow, report');
    expect(rows).toEqual([[24, 48]]);
    const again = await project.velo(['build']);
    expect(again.stdout).toContain('Nothing to do: all 2 nodes are up to date.');
  });

  it('keeps the batches that were finished; the next run adds the rest', async () => {
    const [stopped, undisturbed] = [0, 1].map(() => makeProject({ 'models/dates.sql': DATES }));
    if (!stopped || !undisturbed) throw new Error('two projects');
    const running = stopped.start(BUILD_DATES);
    await running.untilPrinted('2024-01-02');
    running.child.kill('SIGINT');
    expect((await running.ended).exitCode).toBe(130);
    const [[count] = []] = await stopped.query('select count(*)::int from dates');
    expect(count).toBeGreaterThanOrEqual(2);
    expect(count).toBeLessThan(12);
    expect((await stopped.velo(BUILD_DATES)).exitCode).toBe(0);
    expect((await undisturbed.velo(BUILD_DATES)).exitCode).toBe(0);
    const rows = await stopped.query('from dates order by d');
    expect(rows).toHaveLength(12);
    expect(rows).toEqual(await undisturbed.query('from dates order by d'));
  });
});

it('a second signal leaves at once, as safely', async () => {
  const project = slowShop();
  expect((await project.velo(['build'])).exitCode).toBe(0);
  const running = project.start(FOREVER);
  await running.untilPrinted(STARTED);
  await pause(200);
  // Two of one kind that come together are one for the system.
  running.child.kill('SIGINT');
  running.child.kill('SIGTERM');
  const { exitCode, stdout } = await running.ended;
  expect(exitCode).toBe(130);
  expect(stdout).toContain('Interrupted: cancelling what runs');
  expect(stdout).not.toContain('Done.');
  expect(await project.query('select total::int, twice::int from slow, report')).toEqual([
    [24, 48],
  ]);
  expect((await project.velo(['build'])).stdout).toContain('Nothing to do: all 2 nodes');
});

describe('a process that is killed', () => {
  it('in the middle of a statement leaves the old rows', async () => {
    const project = slowShop();
    expect((await project.velo(['build'])).exitCode).toBe(0);
    const running = project.start(FOREVER);
    await running.untilPrinted(STARTED);
    await pause(200);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await project.query('select total::int from slow')).toEqual([[24]]);
    expect((await project.velo(['build', '--vars', '{rows: 20}'])).exitCode).toBe(0);
    const rows = await project.query('select total::int, twice::int from slow, report');
    // The sum of i % 7 for i below 20: twice 21 and 0 to 5.
    expect(rows).toEqual([[57, 114]]);
  });

  it('between batches: the next run ends as an undisturbed one', async () => {
    const [killed, undisturbed] = [0, 1].map(() => makeProject({ 'models/dates.sql': DATES }));
    if (!killed || !undisturbed) throw new Error('two projects');
    const running = killed.start(BUILD_DATES);
    await running.untilPrinted('2024-01-03');
    running.child.kill('SIGKILL');
    await running.ended;
    expect((await killed.velo(BUILD_DATES)).exitCode).toBe(0);
    expect((await undisturbed.velo(BUILD_DATES)).exitCode).toBe(0);
    const rows = await killed.query('from dates order by d');
    expect(rows).toHaveLength(12);
    expect(rows).toEqual(await undisturbed.query('from dates order by d'));
    expect((await killed.velo(BUILD_DATES)).stdout).toContain('Nothing to do');
  });
});
