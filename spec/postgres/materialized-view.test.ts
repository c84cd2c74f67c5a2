import { expect, test } from 'vitest';
import { makePostgresProject } from './project.ts';

const INDEXES = `select indexdef from pg_indexes where tablename = 'totals' order by 1`;

test('a materialized view is filled anew, made anew when its SELECT is another, and has the indexes of its settings', async () => {
  const view = (settings: string, sql: string) =>
    `{{ config(materialized='materialized_view'${settings}) }}\n${sql} from {{ ref('sales') }} group by shop\n`;
  const unique = (flag: string) => `, indexes=[{'columns': ['shop'], 'unique': ${flag}}]`;
  const sum = 'select shop, sum(amount) as amount';
  const { project, query } = await makePostgresProject({
    'seeds/sales.csv': 'shop,amount\na,1\na,2\nb,5\n',
    'models/totals.sql': view(unique('true'), sum),
  });
  const build = async (...args: string[]) => {
    const { exitCode, stdout } = await project.velo(['build', ...args]);
    expect(exitCode, stdout).toBe(0);
  };
  const oid = () => query(`select 'main.totals'::regclass::oid`);
  const rows = () => query('select * from main.totals order by shop');
  await build();
  expect(await rows()).toEqual([
    ['a', '3'],
    ['b', '5'],
  ]);
  expect(await query(INDEXES)).toEqual([
    ['CREATE UNIQUE INDEX totals_shop_unique_idx ON main.totals USING btree (shop)'],
  ]);
  const first = await oid();
  await query('create view main.theirs as select amount from main.totals');

  project.write({ 'seeds/sales.csv': 'shop,amount\na,1\na,2\nb,6\n' });
  await build();
  expect(await rows()).toEqual([
    ['a', '3'],
    ['b', '6'],
  ]);
  project.write({ 'models/totals.sql': view(unique('false'), `-- the same\n${sum}`) });
  await build();
  expect(await oid()).toEqual(first);
  expect(await query(INDEXES)).toEqual([
    ['CREATE INDEX totals_shop_idx ON main.totals USING btree (shop)'],
  ]);

  project.write({
    'models/totals.sql': view(unique('false'), 'select shop, max(amount) as amount'),
  });
  await build();
  expect(await rows()).toEqual([
    ['a', '2'],
    ['b', '6'],
  ]);
  expect(await query('select * from main.theirs order by 1')).toEqual([['2'], ['6']]);
  expect(await query(INDEXES)).toEqual([
    ['CREATE INDEX totals_shop_idx ON main.totals USING btree (shop)'],
  ]);
});

test('on_configuration_change: fail', async () => {
  const view = (settings: string) =>
    `{{ config(materialized='materialized_view', on_configuration_change='fail'${settings}) }}\nselect 1 as id\n`;
  const { project, query } = await makePostgresProject({ 'models/totals.sql': view('') });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  project.write({ 'models/totals.sql': view(", indexes=[{'columns': ['id']}]") });
  const { exitCode, stdout } = await project.velo(['run']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('on_configuration_change was set to fail');
  expect(await query(INDEXES)).toEqual([]);
  // Another kind of relation may take its place, and it another's.
  project.write({ 'models/totals.sql': "{{ config(materialized='table') }}\nselect 2 as id\n" });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  project.write({ 'models/totals.sql': view('') });
  const back = await project.velo(['run']);
  expect(back.exitCode, back.stdout).toBe(0);
  expect(
    await query(`select relkind::text from pg_class where oid = 'main.totals'::regclass`),
  ).toEqual([['m']]);
});
