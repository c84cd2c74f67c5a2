import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, type TestProject } from './velo.ts';

const FILES = {
  'velo_project.yml':
    'name: shop\non-run-start: create table if not exists hooked as select 1 as n\n',
  'files/counts.csv': 'n\n1\n',
  'models/sources.yml': `sources:
  - name: feed
    schema: main
    config:
      loaded_at_field: seen_at
      freshness:
        warn_after: {count: 6, period: hour}
        error_after: {count: 2, period: day}
    tables:
      - name: fresh
      - name: old
        identifier: old_rows
      - name: stale
      - name: filtered
        identifier: stale
        config: {freshness: {filter: id = 1}}
      - name: asked
        identifier: stale
        config: {loaded_at_query: "select max(seen_at) from {{ this }} where id = 1"}
      - name: empty
      - name: unwatched
        config: {freshness: null}
  - name: files
    tables:
      - name: counts
        config:
          external_location: files/counts.csv
          freshness: {warn_after: {count: 6, period: hour}}
`,
};

const TABLES = `create table fresh as select now() as seen_at;
create table old_rows as select cast(now() - interval 7 hours as timestamp) as seen_at;
create table stale as select 1 as id, now() - interval 1 hour as seen_at union all select 2, now() - interval 30 days;
create table empty as select now() as seen_at limit 0;`;

async function change(project: TestProject, sql: string): Promise<void> {
  expect(await project.velo(['run-operation', '--sql', sql])).toMatchObject({ exitCode: 0 });
}

interface Sources {
  readonly results: readonly Record<string, unknown>[];
}

test('each source with limits is asked how old its newest rows are', async () => {
  const project = makeProject(FILES);
  await change(project, TABLES);
  const hours = (Date.now() - 7 * 3_600_000) / 1000;
  utimesSync(join(project.dir, 'files/counts.csv'), hours, hours);
  const seen = await project.velo(['source', 'freshness', '--threads', '2']);
  expect(seen).toMatchObject({ exitCode: 1 });
  const status = (name: string) =>
    new RegExp(`of \\d (.*) freshness of \\w+\\.${name} \\.`).exec(
      seen.stdout.replace(/.* START .*\n/g, ''),
    )?.[1];
  expect(
    ['fresh', 'old', 'stale', 'filtered', 'asked', 'empty', 'counts', 'unwatched'].map(status),
  ).toEqual(['PASS', 'WARN', 'PASS', 'PASS', 'PASS', 'ERROR STALE', 'WARN', undefined]);
  expect(seen.stdout).toMatch(/Finished running 1 project hook, 7 sources in .*\n.*Done\.\n$/);
  expect(await project.relations()).toContain('hooked');

  const written = project.readJson('target/sources.json') as unknown as Sources;
  const of = (name: string) =>
    written.results.find((one) => one['unique_id'] === `source.shop.feed.${name}`);
  expect(of('empty')).toMatchObject({
    status: 'error',
    max_loaded_at: '0001-01-01T00:00:00+00:00',
  });
  const age = Number(of('old')?.['max_loaded_at_time_ago_in_s']);
  expect(Math.abs(age - 7 * 3600)).toBeLessThan(300);
  expect(of('filtered')).toMatchObject({
    criteria: {
      warn_after: { count: 6, period: 'hour' },
      error_after: { count: 2, period: 'day' },
      filter: 'id = 1',
    },
  });
});

test('some of them, to another file; what cannot be found out is told of', async () => {
  const project = makeProject(FILES);
  await change(project, TABLES);
  const output = join(project.dir, 'some.json');
  const some = await project.velo(['source', 'freshness', '-s', 'source:feed.fresh', '-o', output]);
  expect(some).toMatchObject({ exitCode: 0 });
  expect((project.readJson('some.json') as unknown as Sources).results).toHaveLength(1);
  expect(project.exists('target/sources.json')).toBe(false);

  await change(project, 'drop table fresh');
  const failed = await project.velo(['source', 'freshness', '-s', 'source:feed.fresh']);
  expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('fresh') });
  expect(failed.stdout).toContain('ERROR freshness of feed.fresh');
  const written = project.readJson('target/sources.json') as unknown as Sources;
  expect(written.results).toMatchObject([{ status: 'runtime error' }]);
  const none = await project.velo(['source', 'freshness', '-s', 'source:feed.unwatched']);
  expect(none).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing to do') });
  const wrong = await project.velo(['source', 'fresness']);
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("'freshness'") });
});

test('source_status:fresher takes sources with newer rows than in an earlier sources.json', async () => {
  const project = makeProject({
    ...FILES,
    'models/visits.sql': "select * from {{ source('feed', 'fresh') }}",
  });
  await change(project, TABLES);
  const fresher = () =>
    project.velo(['ls', '-s', 'source_status:fresher+', '--state', `${project.dir}/last`]);
  expect(await fresher()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('velo source freshness writes sources.json'),
  });
  const look = () => project.velo(['source', 'freshness', '--exclude', 'source:feed.old']);
  await look();
  project.write({ 'last/sources.json': project.read('target/sources.json') });
  expect(await fresher()).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: expect.stringContaining("'source_status:fresher+' does not match any enabled nodes"),
  });
  await change(project, 'insert into fresh values (now() + interval 1 minute)');
  await project.velo(['source', 'freshness']);
  // The one that was left out before is new.
  expect((await fresher()).stdout.trim().split('\n').sort()).toEqual([
    'shop.visits',
    'source:shop.feed.fresh',
    'source:shop.feed.old',
  ]);
  const wrong = await project.velo(['ls', '-s', 'source_status:stale', '--state', 'last']);
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('known: fresher') });
  const alone = await project.velo(['ls', '-s', 'source_status:fresher']);
  expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--state <dir>') });
});
