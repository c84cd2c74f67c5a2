import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { list, readLastRun, run, show, VeloError, type VeloEvent } from '../../src/index.ts';
import { makeProject } from '../e2e/velo.ts';

/** A project whose profile, database and one row depend on environment, folder and vars. */
const shopOf = () =>
  makeProject({
    'velo_project.yml': 'name: shop\nprofile: shop\n',
    'home/.dbt/profiles.yml':
      'shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: "{{ env_var(\'DB\') }}"}\n',
    'models/told.sql': `select '{{ var("word") }}' as word, '{{ env_var("WHO") }}' as who`,
  });

const wordIn = async (path: string, projectDir: string, HOME: string) => {
  const options = { cwd: projectDir, environment: { HOME, DB: path, WHO: '' }, vars: { word: '' } };
  const shown = await show({ ...options, inline: 'select word, who from told' });
  return shown.flatMap(({ table }) => table.rows.flat());
};

it('two projects at once have their own folder, environment, vars and events', async () => {
  const words = ['one', 'two'];
  const built = await Promise.all(
    words.map(async (word) => {
      const { dir } = shopOf();
      const home = join(dir, 'home');
      const events: VeloEvent[] = [];
      const { results } = await run({
        cwd: dir,
        projectDir: '.',
        targetPath: 'out',
        environment: { HOME: home, DB: `${word}.db`, WHO: `${word}!` },
        vars: { word },
        emit: (event) => events.push(event),
      });
      expect(results.map(({ node, status }) => [node, status])).toEqual([
        ['model.shop.told', 'success'],
      ]);
      const phases = events.flatMap((event) => (event.type === 'phase-ended' ? event.phase : []));
      expect(phases).toEqual([
        ...['settings', 'read', 'graph', 'connect', 'plan'],
        ...['check', 'compile', 'run', 'artifacts'],
      ]);
      const others = events.filter(({ type }) => type !== 'phase-ended');
      expect(others.map(({ type }) => type)).toEqual([
        'project-read',
        'run-started',
        'node-started',
        'node-finished',
        'run-finished',
      ]);
      const artifact = JSON.parse(readFileSync(join(dir, 'out/run_results.json'), 'utf8'));
      expect(artifact.args.which).toBe('build');
      return wordIn(`${word}.db`, dir, home);
    }),
  );
  expect(built).toEqual([
    ['one', 'one!'],
    ['two', 'two!'],
  ]);
});

const NUMBERS = {
  'models/numbers.sql':
    "{{ config(materialized='table') }}\nselect sum(i % 7) as slow from range(2000000) t(i)\n",
};

it('a second run of a target in a process is told that it is held, or waits', async () => {
  const { dir } = makeProject(NUMBERS);
  const options = { projectDir: dir, environment: { HOME: dir } };
  const [first, second] = await Promise.allSettled([run(options), run(options)]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: { code: 'database-locked' } });
  const waiting = { ...options, waitMs: 60_000, fullRefresh: true };
  const both = await Promise.all([run(waiting), run(waiting)]);
  expect(both.flatMap(({ results }) => results.map(({ status }) => status))).toEqual([
    'success',
    'success',
  ]);
});

it('an aborted run resolves with what was done, and can be done again', async () => {
  const { dir } = makeProject({
    ...NUMBERS,
    'models/endless.sql':
      "{{ config(materialized='table') }}\n-- depends_on: {{ ref('numbers') }}\nselect sum(i % 7) as s from range({{ var('n') }}::bigint) t(i)\n",
  });
  const controller = new AbortController();
  const options = { projectDir: dir, environment: { HOME: dir } };
  const { results, interrupted } = await run({
    ...options,
    vars: { n: 1e14 },
    signal: controller.signal,
    emit: ({ type }) => {
      if (type === 'node-finished') controller.abort();
    },
  });
  expect(interrupted).toBe(true);
  expect(results.map(({ status }) => status)).toContain('success');
  const { command = 'build', undone } = readLastRun(options);
  expect([...undone.nodes]).toEqual(['model.shop.endless']);
  const again = await run({ ...options, command, only: undone, vars: { n: 10 } });
  expect(again.results.map(({ node, status }) => [node, status])).toEqual([
    ['model.shop.endless', 'success'],
  ]);
});

it('what stops a call is thrown as a VeloError with code and place, and no word is written', async () => {
  const { dir } = makeProject({ 'models/a.sql': "select * from {{ ref('b') }}\n" });
  const failed = await list({ projectDir: dir, environment: {} }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ errors: [{ code: 'unknown-ref' }] });
  const [error] = (failed as { readonly errors: readonly unknown[] }).errors;
  expect(error).toBeInstanceOf(VeloError);
  expect(error).toMatchObject({ span: { file: 'models/a.sql', line: 1 } });
});
