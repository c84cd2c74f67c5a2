import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdDatabase } from './database-holder.ts';
import { makeProject, type TestProject } from './velo.ts';

/** `spent` and `twice` are read from `visits`; `total` from `spent`, which calls a macro. */
const SHOP = {
  'seeds/visits.csv': 'shop,spent\nnorth,1\nsouth,2\n',
  'macros/times.sql': '{% macro times(column) %}{{ column }} * 10{% endmacro %}\n',
  'models/spent.sql': "select shop, {{ times('spent') }} as spent from {{ ref('visits') }}\n",
  'models/twice.sql': "select shop, spent * 2 as spent from {{ ref('visits') }}\n",
  'models/inner.sql':
    "{{ config(materialized='ephemeral') }}\nselect sum(spent) as spent from {{ ref('spent') }}\n",
  'models/total.sql': "{{ config(materialized='table') }}\nselect spent from {{ ref('inner') }}\n",
  'models/_models.yml':
    'models:\n  - name: spent\n    columns:\n      - name: shop\n        data_tests: [not_null]\n',
};

interface Watching {
  /** What is printed from now on until velo waits for the next save. */
  cycle(): Promise<string>;
  /** Presses Ctrl-C. */
  interrupt(): Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
  untilPrinted(text: string): Promise<void>;
}

/** Starts `velo watch` and waits until it watches. */
async function watchProject(project: TestProject, args: readonly string[] = []): Promise<Watching> {
  const running = project.start(['watch', ...args]);
  let text = '';
  let taken = 0;
  const isEnd = /Watching \d+ files?"?[^\n]*\n/g;
  const look = { again: () => {} };
  running.child.stdout?.on('data', (chunk: string) => {
    text += chunk;
    look.again();
  });
  const cycle = () =>
    new Promise<string>((done, failed) => {
      const onClose = () => failed(new Error(`velo ended:\n${text}`));
      running.child.on('close', onClose);
      look.again = () => {
        const rest = text.slice(taken);
        const end = [...rest.matchAll(isEnd)].find(([line]) => !line.includes(' of '));
        if (!end) return;
        taken += end.index + end[0].length;
        look.again = () => {};
        running.child.off('close', onClose);
        done(rest.slice(0, end.index).replace(/^\d\d:\d\d:\d\d {2}/gm, ''));
      };
      look.again();
    });
  await cycle();
  return {
    cycle,
    untilPrinted: running.untilPrinted,
    async interrupt() {
      running.child.kill('SIGINT');
      const { exitCode, stderr } = await running.ended;
      return { exitCode, stderr };
    },
  };
}

/** Names of what was built, loaded or tested, in their order. */
const done = (printed: string): string[] =>
  [
    ...printed.matchAll(/^\d+ of \d+ (OK|PASS|ERROR|FAIL|SKIP)\D*? (?:main\.|\w+::)?(\w+) \.\./gm),
  ].map(([, , name]) => String(name));

describe('velo watch', { timeout: 60_000 }, () => {
  it('builds what a saved file makes, with its tests and nothing else', async () => {
    const project = makeProject(SHOP);
    expect((await project.velo(['build'])).exitCode).toBe(0);
    const watching = await watchProject(project);

    project.write({
      'models/spent.sql': SHOP['models/spent.sql'].replace('select', 'select 7 as n,'),
    });
    const printed = await watching.cycle();
    expect(printed).toContain('models/spent.sql saved\n');
    expect(done(printed)).toEqual(['spent', 'not_null_spent_shop']);
    // Nobody holds the database between two builds.
    expect(await project.query('select n, spent from spent order by 2')).toEqual([
      [7, 10],
      [7, 20],
    ]);

    project.write({ 'macros/times.sql': SHOP['macros/times.sql'].replace('10', '100') });
    expect(done(await watching.cycle())).toEqual(['spent', 'not_null_spent_shop']);

    project.write({ 'seeds/visits.csv': 'shop,spent\nnorth,5\n' });
    expect(done(await watching.cycle())).toEqual(['visits']);
    expect(await project.query('select spent from spent')).toEqual([[500]]);

    project.write({ 'models/inner.sql': SHOP['models/inner.sql'].replace('sum', 'max') });
    expect(done(await watching.cycle())).toEqual(['total']);
    expect(await project.query('select spent from total')).toEqual([[500]]);

    expect(await watching.interrupt()).toEqual({ exitCode: 0, stderr: '' });
  });

  it('builds what follows where nodes are selected, or with --downstream', async () => {
    const project = makeProject(SHOP);
    await project.velo(['build']);
    const selected = await watchProject(project, ['--select', 'spent', 'total']);
    project.write({
      'models/spent.sql': SHOP['models/spent.sql'].replace('select', 'select 7 as n,'),
    });
    expect(done(await selected.cycle())).toEqual(['spent', 'not_null_spent_shop', 'total']);
    project.write({ 'models/twice.sql': SHOP['models/twice.sql'].replace('2', '3') });
    expect(await selected.cycle()).toBe(
      'models/twice.sql saved\nNothing to build: no chosen node has changed\n',
    );
    await selected.interrupt();

    const all = await watchProject(project, ['--downstream', '--exclude', 'twice']);
    project.write({ 'seeds/visits.csv': 'shop,spent\nnorth,5\n' });
    const names = done(await all.cycle());
    expect(names).toEqual(['visits', 'spent', 'not_null_spent_shop', 'total']);
    await all.interrupt();
  });

  it('takes tests, descriptions and unit tests of a YAML file one by one', async () => {
    const project = makeProject(SHOP);
    await project.velo(['build']);
    const watching = await watchProject(project);
    const yaml = SHOP['models/_models.yml'];
    project.write({
      'models/_models.yml': `${yaml}  - name: twice\n    description: Twice as much.\n`,
    });
    expect(done(await watching.cycle())).toEqual([]);
    project.write({ 'models/_models.yml': yaml.replace('[not_null]', '[not_null, unique]') });
    expect(done(await watching.cycle())).toEqual(['unique_spent_shop']);
    project.write({
      'models/_models.yml': `${yaml}unit_tests:
  - name: doubles
    model: twice
    given: [{input: ref('visits'), rows: [{shop: a, spent: 4}]}]
    expect: {rows: [{shop: a, spent: 8}]}
`,
    });
    expect(done(await watching.cycle())).toEqual(['doubles']);
    await watching.interrupt();
  });

  it('tells of errors at their line, and builds all that was saved once they are mended', async () => {
    const project = makeProject(SHOP);
    await project.velo(['build']);
    const watching = await watchProject(project);
    project.write({
      'models/twice.sql': "select shop, spent * 4 as spent from {{ ref('visits') }}\n",
      'models/spent.sql': 'select 1 as shop,\n  {{ times( }} as spent\n',
    });
    expect(await watching.cycle()).toBe(
      'models/spent.sql saved, models/twice.sql saved\nNothing built: 1 error\n',
    );
    project.write({ 'models/_models.yml': 'models:\n  - nam: spent\n' });
    expect(await watching.cycle()).toBe('models/_models.yml saved\nNothing built: 3 errors\n');
    project.write({
      'models/spent.sql': "select 1 as shop, spend\nfrom {{ ref('visits') }}\n",
      'models/_models.yml': SHOP['models/_models.yml'],
    });
    const printed = await watching.cycle();
    expect(done(printed)).toEqual(['spent', 'not_null_spent_shop', 'twice']);
    expect(printed).toContain('models/spent.sql:1:19');
    // Saved again as it is, what failed is tried again; what did not is not.
    project.write({ 'models/spent.sql': project.read('models/spent.sql') });
    expect(done(await watching.cycle())).toEqual(['spent', 'not_null_spent_shop']);
    project.write({ 'models/twice.sql': project.read('models/twice.sql') });
    expect(done(await watching.cycle())).toEqual([]);
    const { stderr } = await watching.interrupt();
    expect(stderr).toContain('error[template-syntax] models/spent.sql:2:');
    expect(stderr).toContain('error[unknown-key] models/_models.yml:2:5');
  });

  it('tries again what failed once what it reads is another', async () => {
    const project = makeProject(SHOP);
    await project.velo(['build']);
    const watching = await watchProject(project);
    project.write({ 'models/total.sql': "select shop, amount from {{ ref('twice') }}\n" });
    expect(await watching.cycle()).toContain('ERROR=1');
    project.write({
      'models/twice.sql': "select shop, spent * 2 as amount from {{ ref('visits') }}\n",
    });
    expect(done(await watching.cycle())).toEqual(['twice', 'total']);
    await watching.interrupt();
  });

  it('takes many files, new, gone, moved into place and in new folders, in any number', async () => {
    const project = makeProject(SHOP);
    await project.velo(['build']);
    const watching = await watchProject(project);
    rmSync(join(project.dir, 'models/twice.sql'));
    const names = Array.from({ length: 100 }, (_, i) => `m${i}`);
    const many = names.map((name) => [
      `models/deep/${name.length}/${name}.sql`,
      `select '${name}' as a`,
    ]);
    project.write({ ...Object.fromEntries(many), 'models/.total.sql.swp': 'not a part of it' });
    project.write({
      'models/total.sql.tmp': "select sum(spent) + 1 as spent from {{ ref('spent') }}",
    });
    renameSync(join(project.dir, 'models/total.sql.tmp'), join(project.dir, 'models/total.sql'));
    // One save, unless this process was held up while it wrote.
    const built: string[] = [];
    while (built.length <= names.length) built.push(...done(await watching.cycle()));
    expect(built.sort()).toEqual([...names, 'total'].sort());
    // A folder that was not there when watching began is watched, also when another takes its place.
    project.write({ 'models/deep/2/m1.sql': 'select 1 as b' });
    expect(done(await watching.cycle())).toEqual(['m1']);
    project.remove('models/deep/3');
    project.remove('models/deep/2');
    project.write({ 'models/deep/2/m1.sql': 'select 2 as b' });
    expect(done(await watching.cycle())).toEqual(['m1']);
    project.write({ 'models/deep/2/m1.sql': 'select 3 as b' });
    expect(done(await watching.cycle())).toEqual(['m1']);
    await watching.interrupt();
  });

  it('builds once more for all that is saved during a build', async () => {
    const slow = 'select sum(i % 7) + 0 as total from range(150000000) t(i)';
    const project = makeProject({ 'models/slow.sql': slow, 'models/quick.sql': 'select 1 as a' });
    const config = "{{ config(materialized='table') }}\n";
    const watching = await watchProject(project);
    project.write({ 'models/slow.sql': config + slow });
    await watching.untilPrinted('START sql table model main.slow');
    project.write({ 'models/quick.sql': 'select 2 as a' });
    project.write({ 'models/slow.sql': `${config}select 1 as total` });
    const first = await watching.cycle();
    expect([done(first), first.includes('ERROR=0')]).toEqual([['slow'], true]);
    expect(done(await watching.cycle()).sort()).toEqual(['quick', 'slow']);
    expect(await project.query('select total, a from slow, quick')).toEqual([[1, 2]]);
    await watching.interrupt();
  });

  it('cancels what runs when it is interrupted', async () => {
    const project = makeProject({ 'models/slow.sql': 'select 1 as a' });
    const watching = await watchProject(project);
    project.write({
      'models/slow.sql':
        "{{ config(materialized='table') }}\nselect sum(i % 7) as a from range(1000000000000) t(i)",
    });
    await watching.untilPrinted('START sql table model main.slow');
    expect((await watching.interrupt()).exitCode).toBe(130);
    expect(await project.relations()).not.toContain('slow');
  });

  it('reads settings anew, and says of wrong ones where they are wrong', async () => {
    const project = makeProject({
      'velo_project.yml': 'name: shop\nvars: {least: 1}\n',
      'models/some.sql': "select {{ var('least') }} as least",
      'models/other.sql': 'select 1 as a',
    });
    await project.velo(['build']);
    const watching = await watchProject(project);
    project.write({ 'velo_project.yml': 'name: shop\nvars: {least: 2}\n' });
    expect(done(await watching.cycle())).toEqual(['some']);
    project.write({ 'velo_project.yml': 'name: shop\nmodel-path: [sql]\n' });
    expect(await watching.cycle()).toContain('Nothing built: 1 error');
    project.write({
      'velo_project.yml': 'name: shop\nmodel-paths: [models, sql]\nvars: {least: 2}\n',
      'sql/more.sql': 'select 3 as a',
    });
    expect(done(await watching.cycle())).toEqual(['more']);
    project.write({ 'sql/more.sql': 'select 4 as a' });
    expect(done(await watching.cycle())).toEqual(['more']);
    const { stderr } = await watching.interrupt();
    expect(stderr).toContain("error[unknown-key] velo_project.yml:2:1\n  unknown key 'model-path'");
  });

  it('waits for a database that another process holds', async () => {
    const project = makeProject(SHOP);
    await project.velo(['build']);
    const watching = await watchProject(project);
    const holder = await holdDatabase(project.database);
    project.write({ 'models/twice.sql': SHOP['models/twice.sql'].replace('2', '3') });
    await watching.untilPrinted('Waiting: ');
    await holder.release();
    const printed = await watching.cycle();
    expect(printed).toContain(`process ${holder.pid}`);
    expect(done(printed)).toEqual(['twice']);
    await watching.interrupt();
  });

  it('finds wrong SQL at each save with --check, and touches no data', async () => {
    const project = makeProject(SHOP);
    const watching = await watchProject(project, ['--check', '--poll']);
    project.write({ 'models/spent.sql': "select shop, spend\nfrom {{ ref('visits') }}\n" });
    expect(await watching.cycle()).toMatch(/\nChecked \d models and 1 test: [1-9] errors?\n$/);
    project.write({ 'models/spent.sql': SHOP['models/spent.sql'] });
    expect(await watching.cycle()).toContain('Checked 4 models and 1 test: no errors\n');
    expect(project.exists('target/shop.duckdb')).toBe(false);
    const { exitCode, stderr } = await watching.interrupt();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('models/spent.sql:1:14');
  });

  it('tells programs in JSON what was saved and what is wrong', async () => {
    const project = makeProject(SHOP);
    const watching = await watchProject(project, ['--log-format', 'json']);
    project.write({ 'models/spent.sql': 'select {{ nothing() }} as a\n' });
    const entries = (await watching.cycle())
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as { info: { name: string }; data: unknown });
    expect(entries.map(({ info, data }) => [info.name, data])).toEqual([
      ['FilesChanged', { files: [{ path: 'models/spent.sql', change: 'saved' }] }],
      [
        'WatchFailed',
        {
          errors: [
            expect.objectContaining({
              code: 'unknown-macro',
              file: 'models/spent.sql',
              line: 1,
              column: 11,
            }),
          ],
        },
      ],
    ]);
    await watching.interrupt();
  });

  it('cannot begin where there is no project', async () => {
    const project = makeProject({});
    project.remove('velo_project.yml');
    const { exitCode, stderr } = await project.velo(['watch']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[project-not-found]');
  });
});
