import { expect, it } from 'vitest';
import { makeProject, type TestProject } from './velo.ts';

const FILES = {
  'seeds/runs.csv': 'horse,race_date,pos\nalice,2024-01-01,1\nbob,2024-01-02,2\n',
  'models/winners.sql': "select horse, race_date, pos from {{ ref('runs') }} where pos = 1\n",
  'models/by_day.sql': `{{ config(
  materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2024-01-01'
) }}
select horse, race_date as as_of_date from {{ ref('winners') }} as winners
`,
  'models/inner_one.sql':
    "{{ config(materialized='ephemeral') }}\nselect pos + 1 as next from {{ ref('winners') }}\n",
  'models/outer_one.sql': "select next * 2 as twice from {{ ref('inner_one') }}\n",
  'models/_models.yml': `models:
  - name: winners
    columns:
      - name: horse
        data_tests: [not_null, unique]
`,
  'tests/all_win.sql': "select * from {{ ref('winners') }} where pos <> 1\n",
};

const statuses = async (project: TestProject) => {
  const { stdout } = await project.velo(['check', '--output', 'json']);
  const rows = JSON.parse(stdout) as { node: string; status: string; why?: string }[];
  return Object.fromEntries(
    rows.map(({ node, status }) => [node.split('.').slice(2, 3).join(), status]),
  );
};

const placesIn = (stderr: string) =>
  [...stderr.matchAll(/^error\[database-error\] (.*)$/gm)].map(([, place]) => place).sort();

it('finds nothing wrong where nothing is, and looks again only at what has changed', async () => {
  const project = makeProject(FILES);
  const first = await project.velo(['check']);
  expect([first.exitCode, first.stdout, first.stderr]).toEqual([
    0,
    'Checked 4 models and 3 tests: no errors\n',
    '',
  ]);
  // It looks at nothing but the files, and leaves nothing in the target.
  expect(project.exists('target/velo.duckdb')).toBe(false);
  const kept = await statuses(project);
  expect(new Set(Object.values(kept))).toEqual(new Set(['kept']));
  project.write({
    'models/winners.sql': FILES['models/winners.sql'].replace('pos = 1', 'pos < 2'),
  });
  const changed = await statuses(project);
  // An ephemeral model that is kept is read with all it reads.
  project.write({
    'models/outer_one.sql': "select next * 3 as thrice from {{ ref('inner_one') }}\n",
  });
  expect(await statuses(project)).toMatchObject({ inner_one: 'kept', outer_one: 'bound' });
  expect(changed['winners']).toBe('bound');
  // Its columns are what they were.
  expect([changed['by_day'], changed['runs'], changed['all_win']]).toEqual([
    'kept',
    'kept',
    'kept',
  ]);
});

it('tells of every fault in one go, each at its line', async () => {
  const project = makeProject({
    ...FILES,
    'models/misspelt.sql': "select\n  horse,\n  posn\nfrom {{ ref('winners') }}\n",
    'models/after_it.sql': "select horse from {{ ref('misspelt') }}\n",
    'models/clash.sql': "select race_date + 'x'::json as y\nfrom {{ ref('winners') }}\n",
    'models/arity.sql':
      "select horse from {{ ref('runs') }}\nunion all\nselect horse, pos from {{ ref('runs') }}\n",
    'models/nowhere.sql': 'select *\nfrom not_a_table\n',
    'models/inner_two.sql':
      "{{ config(materialized='ephemeral') }}\n\nselect wrong_one\nfrom {{ ref('winners') }}\n",
    'models/_models.yml': `models:
  - name: winners
    columns:
      - name: hrse
        data_tests: [not_null]
`,
    'tests/all_win.sql': "select *\nfrom {{ ref('winners') }}\nwhere place <> 1\n",
  });
  const { exitCode, stdout, stderr } = await project.velo(['check']);
  expect(exitCode).toBe(1);
  expect(placesIn(stderr)).toEqual([
    'models/_models.yml:5:22',
    'models/arity.sql:1:1',
    'models/clash.sql:1:18',
    'models/inner_two.sql:3:8',
    'models/misspelt.sql:3:3',
    'models/nowhere.sql:2:6',
    'tests/all_win.sql:3:7',
  ]);
  expect(stderr).toContain('"posn"');
  expect(stderr).toContain('"horse"');
  expect(stdout).toContain(
    'not checked: after_it: the columns of misspelt are not known: it has an error\n',
  );
  expect(stdout).toContain(': 7 errors\n');
  // A selection is looked at with all it reads, and with nothing else.
  const some = await project.velo(['check', '-s', 'outer_one', '--exclude', 'winners']);
  expect([some.exitCode, some.stdout]).toEqual([0, 'Checked 3 models and 0 tests: no errors\n']);
});

it('what reads a model with an error is looked at with the columns the model had', async () => {
  const project = makeProject(FILES);
  expect((await project.velo(['check'])).exitCode).toBe(0);
  project.write({
    'models/winners.sql': "select horse, race_date, pos, nothing from {{ ref('runs') }}\n",
    'models/outer_one.sql': "select\n  nxt * 2 as twice\nfrom {{ ref('inner_one') }}\n",
  });
  const { stderr } = await project.velo(['check']);
  expect(placesIn(stderr)).toEqual(['models/outer_one.sql:2:3', 'models/winners.sql:1:31']);
});

it('knows tables of others by the target, or by their contract, or says that it does not', async () => {
  const source = (columns: string) => `sources:
  - name: raw
    schema: main
    tables:
      - name: orders
${columns}`;
  const project = makeProject({
    'models/_sources.yml': source(''),
    'models/totals.sql': "select amount * 2 as double from {{ source('raw', 'orders') }}\n",
  });
  const unknown = await project.velo(['check']);
  expect([unknown.exitCode, unknown.stdout]).toEqual([
    0,
    `not checked: orders: the table is not in the target
not checked: totals: the columns of orders are not known: the table is not in the target
Checked 0 models and 0 tests: no errors
`,
  ]);
  const columns = '        columns:\n          - {name: amount, data_type: json}\n';
  project.write({ 'models/_sources.yml': source(columns) });
  expect((await project.velo(['check'])).stderr).toContain('models/totals.sql:1:15');
  project.write({ 'models/_sources.yml': source('') });
  await project.velo(['run-operation', '--sql', 'create table main.orders (amount integer)']);
  expect((await project.velo(['check'])).stdout).toBe('Checked 1 model and 0 tests: no errors\n');
  await project.velo(['run-operation', '--sql', 'alter table main.orders rename amount to paid']);
  expect((await project.velo(['check'])).exitCode).toBe(1);
});
