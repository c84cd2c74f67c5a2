import { expect, test } from 'vitest';
import { makeProject } from './velo.ts';

const project = (entry: string) =>
  makeProject({
    'models/one.sql': 'select 1 as n\n',
    'models/one.yml': `models:
  - name: one
    columns:
      - name: n
        data_tests:
          - ${entry}
`,
  });

const nulls = (config: string) => ({
  'models/some.sql': `select n, case when n <= 3 then null else n end as m from range(200) as r(n) where n < {{ var('rows', 200) }}`,
  'models/some.yml': `models:
  - name: some
    columns:
      - {name: m, data_tests: [{not_null: {config: ${config}}}]}
      - {name: n, data_tests: [{unique: {config: ${config}}}, {blank: {config: ${config}}}]}
`,
  'macros/blank.sql':
    '{% test blank(model, column_name) %}select * from {{ model }} where {{ column_name }} % 100 = 0{% endtest %}',
});

test('thresholds may be percent of the rows that are looked at', async () => {
  const made = makeProject(nulls("{error_if: '> 1.5%', warn_if: '> 0.75%', where: 'n > 0'}"));
  const { stdout, exitCode } = await made.velo(['build']);
  expect(exitCode).toBe(1);
  // 1, 2 and 3 of the 199 rows above 0 are 1.507 percent; 100 is half a percent.
  expect(stdout).toContain('Got 3 results of 199, configured to fail if > 1.5%');
  expect(stdout).toMatch(/PASS blank_some_n/);
  const singular = makeProject({
    ...nulls('{}'),
    'tests/odd.sql': "{{ config(error_if='> 1%') }} select * from {{ ref('some') }}",
  });
  const refused = await singular.velo([
    'build',
    '-s',
    'some',
    '--exclude',
    'not_null_some_m',
    'blank_some_n',
  ]);
  expect(refused.stdout).toContain("'odd' has no rows to take percent of");
});

test('failures that were there before do not count with only_new_failures', async () => {
  const made = makeProject(nulls('{only_new_failures: true}'));
  const run = async (rows: number, ...args: string[]) => {
    const vars = ['--vars', `{rows: ${rows}}`];
    await made.velo(['run', ...vars]);
    const { exitCode, stdout } = await made.velo(['test', ...vars, ...args]);
    return [exitCode, ...(stdout.match(/Got \d+ results?/g) ?? [])];
  };
  // Of 0 … 2 all three are NULL and 0 divides by a hundred; 3 and 100 are new, and so they stay until they are gone.
  expect(await run(3)).toEqual([0]);
  expect(await run(3)).toEqual([0]);
  expect(await run(101)).toEqual([1, 'Got 1 result', 'Got 1 result']);
  expect(await run(101)).toEqual([1, 'Got 1 result', 'Got 1 result']);
  expect(await run(2)).toEqual([0]);
  expect(await run(3)).toEqual([1, 'Got 1 result']);
  expect(await run(101, '--full-refresh')).toEqual([0]);
  expect(await run(101)).toEqual([0]);
});

const TESTS = ['ls', '--resource-type', 'test', '-q', '--vars'];

test.each([
  `not_null: {config: {enabled: "{{ var('strict') }}", severity: "{{ 'warn' if var('strict') else 'error' }}"}}`,
  `{test_name: not_null, config: {enabled: "{{ var('strict') }}"}}`,
])('a variable decides whether a test is there: %s', async (entry) => {
  const made = project(entry);
  const [on, off] = [
    await made.velo([...TESTS, '{strict: true}']),
    await made.velo([...TESTS, '{strict: false}']),
  ];
  expect([on.exitCode, on.stdout.trim()]).toEqual([0, 'shop.not_null_one_n']);
  expect([off.exitCode, off.stdout.trim()]).toEqual([0, '']);
});

test('what is no boolean is shown with its place; arguments keep their templates', async () => {
  const wrong = await project(`not_null: {config: {enabled: "{{ 'perhaps' }}"}}`).velo(['ls']);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain(`config 'enabled' must be true or false, not "perhaps"`);
  const made = project(
    `accepted_values: {arguments: {values: [1], quote: false}, config: {where: "n < {{ 2 }}"}}`,
  );
  expect((await made.velo(['build'])).exitCode).toBe(0);
});

test('severity info tells what it found, and passes also where warnings are errors', async () => {
  const made = makeProject(nulls('{severity: info}'));
  const { stdout, exitCode } = await made.velo(['build', '--warn-error']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/INFO 4 not_null_some_m \.+ \[INFO 4 in/);
  expect(stdout).toMatch(/PASS unique_some_n /);
  expect(stdout).toContain('Done. PASS=4 WARN=0 ERROR=0');
  const { nodes } = made.readJson('target/manifest.json') as {
    nodes: Record<string, { config: { severity: string }; test_metadata?: unknown }>;
  };
  const severities = Object.values(nodes).flatMap(({ config, test_metadata }) =>
    test_metadata ? [config.severity] : [],
  );
  expect(severities).toEqual(['warn', 'warn', 'warn']);
});
