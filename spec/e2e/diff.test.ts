import { expect, test } from 'vitest';
import { makeProject } from './velo.ts';

const FILES = {
  'velo_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, schema: main}
    next: {type: duckdb, path: shop.duckdb, schema: beside}
    empty: {type: duckdb, path: empty.duckdb, schema: main}
`,
  'models/numbers.sql': `{{ config(materialized='table', unique_key='n') }}
select cast(i as integer) as n, i * {{ var('factor', 1) }} as value, [i / 7, null] as list,
  {'a': i} as struct
from (select unnest(range(20000)) as i)
`,
  'models/marts/odd.sql':
    "{{ config(schema='marts') }}\nselect * from {{ ref('numbers') }} where n % 2 = 1",
};

test('schemas of one database are compared, by target or by name', async () => {
  const project = makeProject(FILES);
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
  expect(await project.velo(['build', '--target', 'next'])).toMatchObject({ exitCode: 0 });
  for (const to of ['next', 'beside']) {
    const same = await project.velo(['diff', '--to', to]);
    expect(same).toMatchObject({ exitCode: 0, stderr: '' });
    expect(same.stdout).toContain(`2 of 2 nodes the same as in ${to} (30,000 rows).`);
  }
  const vars = ['--vars', '{factor: 2}'];
  expect(await project.velo(['build', '--target', 'next', ...vars])).toMatchObject({ exitCode: 0 });
  const other = await project.velo(['diff', '--to', 'beside']);
  expect(other.exitCode).toBe(1);
  // 0 twice is 0: by the key all others are changed; without one a row is gone and another is new.
  expect(other.stdout).toMatch(/numbers +20,000 +20,000 +0 +0 +19,999 +DIFFERENT/);
  expect(other.stdout).toMatch(/odd +10,000 +10,000 +10,000 +10,000 +0 +DIFFERENT/);
  expect(other.stdout).toContain('columns that differ: value (19,999 rows)');
});

test('what cannot be compared is told of', async () => {
  const project = makeProject(FILES);
  expect(await project.velo(['build', '-s', 'numbers'])).toMatchObject({ exitCode: 0 });
  const cases = [
    [['diff'], '--to is needed'],
    [['diff', '--to', 'dev'], '--to dev is what is to be compared with it'],
    [
      ['diff', '--to', 'nowhere'],
      "'nowhere' is no target of profile 'shop', and no schema with models",
    ],
    [
      ['diff', '--to', 'next', '-s', 'odd'],
      'none of the 1 selected nodes is built in either of them',
    ],
  ] as const;
  for (const [args, message] of cases) {
    const result = await project.velo(args);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  }
  const missing = await project.velo(['diff', '--to', 'empty']);
  expect(missing).toMatchObject({ exitCode: 1 });
  expect(missing.stdout).toMatch(/numbers .* ONLY HERE/);
  expect(missing.stdout).toContain('1 node built in neither: odd');
});
