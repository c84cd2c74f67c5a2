import { expect, test } from 'vitest';
import { asOwner, inDatabase, testServer } from './database.ts';
import { makePostgresProject } from './project.ts';

const ROLES = ['velo_reader', 'velo_writer'];

const GRANTED = `select grantee, privilege_type from information_schema.role_table_grants
  where table_schema = 'main' and table_name = 'a' and grantee like 'velo\\_%' order by 1, 2`;

test('grants are those of the settings, however the relation came about', async () => {
  const server = await testServer();
  for (const role of ROLES) {
    await asOwner(
      server,
      `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`,
    );
  }
  const model = (grants: string, rows: string, kind = 'table') =>
    `{{ config(materialized='${kind}', grants=${grants}) }}\nselect ${rows} as id\n`;
  const { project, database, query } = await makePostgresProject({
    'models/a.sql': model(
      `{'select': ['velo_reader', 'velo_writer'], 'insert': ['velo_writer']}`,
      '1',
    ),
  });
  const run = async () => {
    const { exitCode, stdout } = await project.velo(['run']);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).not.toContain('does not act');
  };
  await run();
  expect(await query(GRANTED)).toEqual([
    ['velo_reader', 'SELECT'],
    ['velo_writer', 'INSERT'],
    ['velo_writer', 'SELECT'],
  ]);
  // Somebody else's is taken away with the next build, and so is what the settings name no more.
  await inDatabase(database, 'grant update on main.a to velo_reader');
  project.write({ 'models/a.sql': model(`{'select': ['velo_reader']}`, '2') });
  await run();
  expect(await query(GRANTED)).toEqual([['velo_reader', 'SELECT']]);
  project.write({ 'models/a.sql': model(`{'select': ['velo_writer']}`, '2', 'view') });
  await run();
  expect(await query(GRANTED)).toEqual([['velo_writer', 'SELECT']]);
});

test('descriptions are comments of relations and columns, and change with the text', async () => {
  const yaml = (of: string) => `models:
  - name: a
    description: "It's ${of}"
    config: {materialized: table, persist_docs: {relation: true, columns: true}}
    columns: [{name: id, description: 'key of ${of} $1'}, {name: plain}]
`;
  const { project, query } = await makePostgresProject({
    'models/a.sql': 'select 1 as id, 2 as plain',
    'models/a.yml': yaml('first'),
  });
  const comments = () =>
    query(`select obj_description('main.a'::regclass), col_description('main.a'::regclass, 1)`);
  expect((await project.velo(['run'])).exitCode).toBe(0);
  expect(await comments()).toEqual([["It's first", 'key of first $1']]);
  project.write({ 'models/a.yml': yaml('second') });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  expect(await comments()).toEqual([["It's second", 'key of second $1']]);
});

test('constraints of a contract hold, also for foreign keys and under a view of somebody else', async () => {
  const yaml = (check: string) => `models:
  - name: shops
    config: {materialized: table, contract: {enforced: true}}
    columns:
      - {name: id, data_type: integer, constraints: [{type: primary_key}]}
      - {name: name, data_type: varchar(10), constraints: [{type: not_null}, {type: unique}]}
  - name: sales
    config: {materialized: table, contract: {enforced: true}}
    constraints: [{type: check, expression: "${check}"}]
    columns:
      - {name: shop_id, data_type: integer, constraints: [{type: foreign_key, to: ref('shops'), to_columns: [id]}]}
      - {name: amount, data_type: 'numeric(6,2)'}
`;
  const { project, query } = await makePostgresProject({
    'models/shops.sql': "select 1 as id, cast('north' as varchar(10)) as name",
    'models/sales.sql': 'select 1 as shop_id, cast(5 as numeric(6,2)) as amount',
    'models/models.yml': yaml('amount > 0'),
  });
  const run = (...args: string[]) => project.velo(['run', ...args]);
  const first = await run();
  expect(first.exitCode, first.stdout).toBe(0);
  const constraints = () =>
    query(`select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
      where conrelid in ('main.shops'::regclass, 'main.sales'::regclass) order by 1, 2`);
  expect(await constraints()).toEqual([
    ['sales', 'CHECK ((amount > (0)::numeric))'],
    ['sales', 'FOREIGN KEY (shop_id) REFERENCES shops(id)'],
    ['shops', 'PRIMARY KEY (id)'],
    ['shops', 'UNIQUE (name)'],
  ]);
  await query('create view main.theirs as select amount from main.sales');
  project.write({ 'models/models.yml': yaml('amount < 9') });
  const second = await run('-s', 'sales');
  expect(second.exitCode, second.stdout).toBe(0);
  expect(await constraints()).toContainEqual(['sales', 'CHECK ((amount < (9)::numeric))']);
  expect(await query('select amount from main.theirs')).toEqual([['5.00']]);
  project.write({ 'models/sales.sql': 'select 2 as shop_id, cast(5 as numeric(6,2)) as amount' });
  const broken = await run('-s', 'sales');
  expect(broken.exitCode).toBe(1);
  expect(broken.stdout).toContain('violates foreign key constraint');
  expect(await query('select shop_id from main.sales')).toEqual([['1']]);
  // What foreign keys point at keeps its identity.
  project.write({ 'models/shops.sql': "select 1 as id, cast('south' as varchar(10)) as name" });
  const third = await run('-s', 'shops');
  expect(third.exitCode, third.stdout).toBe(0);
  expect(await query('select name from main.shops')).toEqual([['south']]);
});
