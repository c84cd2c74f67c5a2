import { expect, test } from 'vitest';
import { inDatabase } from './database.ts';
import { makeTwoTargets } from './push-project.ts';

// Rows, counts and examples are by hand: both sides are built of one seed, and then changed in Postgres.

const FILES = {
  'seeds/sales.csv': 'id,day,amount\n1,2024-01-01,0.1\n2,2024-01-01,0.2\n3,2024-01-02,\n4,,4.5\n',
  'models/totals.sql': `{{ config(materialized='table', unique_key='id') }}
select id, day, cast(amount as double precision) / 3 as share, amount > 1 as is_large,
  cast('2024-01-01 10:00:00' as timestamp) as seen_at, cast('{"a": 1, "b": [1.5, 2]}' as json) as notes
from {{ ref('sales') }}
`,
  'models/copies.sql': `{{ config(materialized='table') }}
select 'x' as letter, sum(cast(amount as double precision)) as amount from {{ ref('sales') }}
union all select 'x', 1e300 union all select 'x', 1e300 union all select 'y', null
`,
  'models/shown.sql': 'select count(*) as n, sum(id) as total from {{ ref("totals") }}',
};

interface Diffed {
  readonly models: readonly Record<string, unknown>[];
}

test('targets of two engines are compared row by row', async () => {
  const { project, database, query } = await makeTwoTargets(FILES);
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
  expect(await project.velo(['build', '--target', 'prod'])).toMatchObject({ exitCode: 0 });
  const same = await project.velo(['diff', '--to', 'prod']);
  expect(same).toMatchObject({ exitCode: 0, stderr: '' });
  expect(same.stdout).toContain('4 of 4 nodes the same as in prod (13 rows).');

  // The last digits, another spelling and another order of keys are no difference.
  await query(`update totals set share = share * (1 + 1e-12), notes = '{"b":[1.50,2.0],"a":1e0}'`);
  expect(await project.velo(['diff', '--to', 'prod'])).toMatchObject({ exitCode: 0 });

  await inDatabase(
    database,
    'set search_path = live',
    'update totals set share = 0.5, day = null where id = 1',
    `update totals set notes = '{"b":[1.5,3],"a":1}' where id = 2`,
    'delete from totals where id = 4',
    'insert into totals (id) values (9), (10)',
    'alter table totals add column extra integer',
    `delete from copies where letter = 'y'`,
    `insert into copies values ('x', 1e300)`,
    'drop view shown',
  );
  const found = await project.velo(['diff', '--to', 'prod', '--output', 'json']);
  expect(found.exitCode).toBe(1);
  const { models } = JSON.parse(found.stdout) as Diffed;
  const byName = new Map(models.map((model) => [model['name'], model]));
  expect(byName.get('sales')).toMatchObject({ status: 'same', rows_here: 4, rows_there: 4 });
  expect(byName.get('shown')).toMatchObject({ status: 'only_here', there: null });
  expect(byName.get('copies')).toMatchObject({
    ...{ status: 'different', key: null, rows_here: 4, rows_there: 4 },
    ...{ only_here: 1, only_there: 1, changed: 0 },
  });
  expect(byName.get('totals')).toMatchObject({
    ...{ status: 'different', key: ['id'], rows_here: 4, rows_there: 5 },
    ...{ only_here: 1, only_there: 2, changed: 2, columns_only_there: ['extra'] },
    columns: expect.arrayContaining([
      { name: 'day', rows: 1 },
      { name: 'share', rows: 1 },
      { name: 'notes', rows: 1 },
    ]),
    examples: expect.arrayContaining([
      {
        where: 'both',
        key: { id: 1 },
        columns: [
          { name: 'day', here: '2024-01-01', there: null },
          { name: 'share', here: 0.1 / 3, there: 0.5 },
        ],
      },
      { where: 'here', key: { id: 4 }, columns: [] },
      { where: 'there', key: { id: 10 }, columns: [] },
    ]),
  });

  const text = await project.velo(['diff', '--to', 'prod', '-s', 'totals']);
  expect(text.exitCode).toBe(1);
  expect(text.stdout).toMatch(/totals +4 +5 +1 +2 +2 +DIFFERENT/);
  expect(text.stdout).toContain('columns only there: extra');
  const some = ['-s', 'totals', '--exclude', 'shown', '--exclude-columns', 'extra'];
  const left = await project.velo(['diff', '--to', 'prod', ...some]);
  expect(left.stdout).not.toContain('extra');
});
