import { describe, expect, it } from 'vitest';
import { type CliResult, type Files, makeProject, type TestProject, verdictOf } from '../velo.ts';
import { contentOf } from './content.ts';
import { CRASH_DATABASES, type CrashDatabase } from './databases.ts';

/** Six dates, a statement each; from the fourth on they need far more of something than is there. */
const days = (select: string): Files => ({
  'models/days.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01', batch_size=1
) }}
${select}
`,
  'models/report.sql':
    "{{ config(materialized='table') }}\nselect d, count(*) as n from {{ ref('days') }} group by d\n",
});

const SIZE = 'case when day({{ as_of.start }}) < 4 then 10 else 400000 end';
const MANY_ROWS = days(
  `select {{ as_of.start }} as d, md5(cast(i as varchar)) as h from range(${SIZE}) as t(i)`,
);
const ONE_LONG_ROW = days(
  `select {{ as_of.start }} as d, list(md5(cast(i as varchar)) order by i) as h from range(${SIZE}) as t(i)`,
);

const profile = (memoryLimit: string): Files => ({
  'velo_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': `shop:
  outputs:
    default: {type: duckdb, path: target/shop.duckdb, threads: 1, memory_limit: ${memoryLimit}}
`,
});

const BUILD = ['build', '--as-of', '2024-01-06'];

const [DUCKDB] = CRASH_DATABASES as readonly [CrashDatabase];

/** Three dates stand, the rest failed; a run with room enough builds that rest, and all is as if it had had the room before. */
async function expectGoesOn(stopped: TestProject, failed: CliResult, files: Files): Promise<void> {
  expect([failed.exitCode, failed.stderr]).toEqual([1, '']);
  expect(await stopped.query('select d::varchar from days group by d order by d')).toEqual([
    ['2024-01-01'],
    ['2024-01-02'],
    ['2024-01-03'],
  ]);
  expect(await stopped.relations()).toEqual(['days']);
  const room = profile('1GB');
  stopped.write(room);
  const again = await stopped.velo(BUILD);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toContain('Batch 1 of 3 OK created batch 2024-01-04');
  const undisturbed = makeProject({ ...files, ...room });
  expect((await undisturbed.velo(BUILD)).exitCode).toBe(0);
  expect(await contentOf(DUCKDB, stopped.dir)).toEqual(await contentOf(DUCKDB, undisturbed.dir));
}

describe('a backfill that goes on where it stopped', () => {
  it('for want of disk', async () => {
    const project = makeProject({ ...MANY_ROWS, ...profile('1GB') });
    // A limit on a file's size is a full disk that needs no disk of its own.
    const failed = await project.velo(BUILD, { fileLimitKb: 2000 });
    expect(verdictOf(failed)).toContain('error[disk-full]');
    await expectGoesOn(project, failed, MANY_ROWS);
  });

  it('for want of memory', async () => {
    const project = makeProject({ ...ONE_LONG_ROW, ...profile('40MB') });
    const failed = await project.velo(BUILD);
    expect(verdictOf(failed)).toMatch(
      /out of memory: .*\n.*\n.*\n *hint: raise memory_limit of the target, or lower threads/,
    );
    await expectGoesOn(project, failed, ONE_LONG_ROW);
  });
});
