import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { junitFaults } from './junit-schema.ts';
import { makeProject, type TestProject } from './velo.ts';
import { type Element, readXml } from './xml.ts';

const FILES = {
  'models/good.sql': "{{ config(materialized='table') }}\nselect 1 as id union all select 1\n",
  'models/bad.sql': "select missing & '<b>'\n",
  'models/plain.sql': 'select 1 as id\n',
  'models/after.sql': "select * from {{ ref('bad') }}\n",
  'models/_models.yml': `models:
  - name: good
    columns:
      - name: id
        data_tests:
          - not_null
          - unique: {config: {severity: warn}}
          - accepted_values: {arguments: {values: [2]}}
unit_tests:
  - name: counts
    model: plain
    given: []
    expect: {rows: [{id: 1}]}
`,
};

const ARGS = ['build', '--no-wap', '--no-color', '--no-check'];

function readReport(project: TestProject, path: string): Element {
  const document = readXml(project.read(path));
  expect(junitFaults(document)).toEqual([]);
  return document;
}

/** Each case as `class / name: outcome`. */
const casesIn = (document: Element): string[] =>
  document.children.flatMap(({ children }) =>
    children.map(({ attributes: { classname, name }, children: [outcome] }) => {
      const type = outcome?.attributes['type'];
      return `${classname} / ${name}: ${[outcome?.name ?? 'good', type].filter(Boolean).join(' ')}`;
    }),
  );

it('--junit writes what became of each node, as Jenkins reads it', async () => {
  const project = makeProject(FILES);
  const { exitCode } = await project.velo([...ARGS, '--junit', 'out/velo.xml']);
  expect(exitCode).toBe(1);
  const document = readReport(project, 'out/velo.xml');
  expect(document.attributes).toMatchObject({ name: 'velo build', tests: '8' });
  expect(casesIn(document).toSorted()).toEqual([
    'models._models / accepted_values_good_id__2: failure fail',
    'models._models / not_null_good_id: good',
    'models._models / plain::counts: good',
    'models._models / unique_good_id: system-out',
    'models.after / after: skipped skipped',
    'models.bad / bad: error database-error',
    'models.good / good: good',
    'models.plain / plain: good',
  ]);
  const [bad] = document.children.filter(
    ({ attributes }) => attributes['file'] === 'models/bad.sql',
  );
  const error = bad?.children[0]?.children[0];
  expect(error?.attributes['message']).toContain('missing');
  expect(error?.text).toContain('models/bad.sql:1:8');
  expect(error?.text).toContain("compiled SQL:\nselect missing & '<b>'");
});

it('what keeps velo from starting is in the report, too; VELO_JUNIT names it', async () => {
  const project = makeProject({ 'models/a.sql': "select * from {{ ref('b') }}\n" });
  const { exitCode } = await project.velo(['test'], { env: { VELO_JUNIT: 'velo.xml' } });
  expect(exitCode).toBe(2);
  expect(casesIn(readReport(project, 'velo.xml'))).toEqual([
    'models.a / unknown-ref: error unknown-ref',
  ]);
});

it('a report that cannot be written is an error, and nothing is left of it', async () => {
  const project = makeProject({ 'models/a.sql': 'select 1 as a\n', 'out/velo.xml/file': '' });
  const { exitCode, stderr } = await project.velo([
    'build',
    '--no-check',
    '--junit',
    'out/velo.xml',
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--junit '<project>/out/velo.xml' cannot be written");
  expect(project.exists('out/velo.xml/file')).toBe(true);
});

it('check reports wrong SQL', async () => {
  const project = makeProject(FILES);
  expect((await project.velo(['check', '--junit', 'velo.xml'])).exitCode).toBe(1);
  const cases = casesIn(readReport(project, 'velo.xml'));
  expect(cases).toContain('models.bad / bad: failure database-error');
  expect(cases).toContain('models.good / good: good');
});

const github = (project: TestProject): Readonly<Record<string, string>> => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: join(project.dir, '..'),
  GITHUB_STEP_SUMMARY: join(project.dir, 'summary.md'),
});

it('GitHub is told of failures at their lines, and gets a summary', async () => {
  const project = makeProject(FILES);
  const env = github(project);
  const { stderr } = await project.velo(ARGS, { env });
  const lines = stderr.split('\n').filter((line) => line.startsWith('::'));
  const folder = project.dir.split('/').at(-1);
  expect(lines.map((line) => line.replace(/::[^:]*$/, '')).toSorted()).toEqual([
    expect.stringMatching(
      /^::error file=.*_models.yml,line=8,col=13,title=test accepted_values_good_id__2$/,
    ),
    expect.stringMatching(
      `^::error file=${folder}/models/bad.sql,line=1,col=8,title=model bad%3A database-error`,
    ),
    expect.stringMatching(/^::warning file=.*_models.yml,line=7,col=13,title=test unique_good_id$/),
  ]);
  const summary = readFileSync(join(project.dir, 'summary.md'), 'utf8');
  expect(summary).toMatch(
    /^### ❌ velo build: 5 good, 1 failed, 1 with errors, 1 with warnings, 1 skipped, /,
  );
  expect(summary).toContain('| bad | models/bad&#46;sql&#58;1 | ');
  await project.velo(ARGS, { env });
  expect(readFileSync(join(project.dir, 'summary.md'), 'utf8').match(/^### /gm)).toHaveLength(2);
});

it.each([
  ['--no-github', ['--no-github'], {}],
  ['VELO_GITHUB=false', [], { VELO_GITHUB: 'false' }],
  ['no Actions', [], { GITHUB_ACTIONS: '' }],
])('GitHub is told of nothing: %s', async (_, args, variables) => {
  const project = makeProject(FILES);
  const env = { ...github(project), ...variables };
  const { stdout, stderr } = await project.velo(['build', '--no-check', ...args], { env });
  expect(stdout + stderr).not.toContain('::error');
  expect(project.exists('summary.md')).toBe(false);
});

it('stdout stays JSON beside annotations; as_of dates that were filled are in the summary', async () => {
  const project = makeProject({
    'seeds/days.csv': 'd\n2024-01-01\n2024-01-02\n2024-01-03\n',
    'models/by_day.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2024-01-01') }}
select d as as_of_date, 1 as n from {{ ref('days') }} as days
`,
    'models/bad.sql': 'select missing\n',
  });
  const args = ['build', '--no-check', '--log-format', 'json', '--as-of', '2024-01-03'];
  const { stdout, stderr } = await project.velo(args, { env: github(project) });
  for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('info');
  expect(stderr).toContain('::error file=');
  expect(project.read('summary.md')).toContain('| by&#95;day | 2024-01-01 … 2024-01-03 | 3 |');
});

it('a secret is in no report', async () => {
  const project = makeProject({ 'models/a.sql': 'select missing\n' });
  const env = { ...github(project), VELO_SECRET_A: 'missing' };
  const { stderr } = await project.velo(['build', '--no-check', '--junit', 'velo.xml'], { env });
  expect([stderr, project.read('velo.xml'), project.read('summary.md')].join()).not.toContain(
    'missing',
  );
});

it('verify and leakage report models', async () => {
  const project = makeProject({
    'seeds/races.csv':
      'd,horse,pos\n2024-01-01,a,1\n2024-01-01,b,2\n2024-01-02,a,2\n2024-01-02,b,1\n2024-01-02,c,3\n',
    'seeds/_seeds.yml': `seeds:
  - name: races
    config: {event_time: d}
    columns: [{name: pos, data_tests: [], config: {meta: {}}, outcome: true}]
`,
    'models/form.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2024-01-01', unique_key=['as_of_date', 'horse']) }}
select d as as_of_date, horse, pos as seen from {{ ref('races') }} as races
`,
  });
  expect((await project.velo(['build', '--as-of', '2024-01-02'])).exitCode).toBe(0);
  expect((await project.velo(['verify', '--junit', 'verify.xml'])).exitCode).toBe(0);
  expect(casesIn(readReport(project, 'verify.xml'))).toEqual(['models.form / form: good']);
  const leakage = ['leakage', '--junit', 'leakage.xml', '--as-of', '2024-01-02'];
  const { exitCode, stdout, stderr } = await project.velo(leakage, { env: github(project) });
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('LEAK  form: seen')]);
  const document = readReport(project, 'leakage.xml');
  expect(casesIn(document)).toEqual(['models.form / form: failure failed']);
  expect(stderr).toContain('title=velo leakage%3A form::LEAK  form: seen');
});

it('wrong SQL that a build finds first is reported as well', async () => {
  const project = makeProject(FILES);
  const { exitCode, stderr } = await project.velo(['build', '--junit', 'velo.xml'], {
    env: github(project),
  });
  expect(exitCode).toBe(1);
  expect(casesIn(readReport(project, 'velo.xml'))).toContain(
    'models.bad / bad: error database-error',
  );
  expect(stderr).toMatch(
    /^::error file=.*bad\.sql,line=1,col=8,title=model bad%3A database-error::/m,
  );
});
