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
