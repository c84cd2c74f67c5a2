import { expect, test } from 'vitest';
import { makePostgresProject } from './project.ts';

const model = (settings: string, sql: string) =>
  `{{ config(materialized='table', ${settings}) }}\n${sql}\n`;

const INDEXES = `select indexname, indexdef from pg_indexes where schemaname = 'main' order by 1`;

test('indexes are those of the settings after every build, whatever becomes of the table', async () => {
  const settings = `indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['name', 'id']}, {'columns': ['name'], 'type': 'hash'}]`;
  const { project, query } = await makePostgresProject({
    'models/a.sql': model(settings, "select 1 as id, cast('x' as varchar) as name"),
  });
  const expected = [
    ['a_id_unique_idx', 'CREATE UNIQUE INDEX a_id_unique_idx ON main.a USING btree (id)'],
    ['a_name_hash_idx', 'CREATE INDEX a_name_hash_idx ON main.a USING hash (name)'],
    ['a_name_id_idx', 'CREATE INDEX a_name_id_idx ON main.a USING btree (name, id)'],
  ];
  const first = await project.velo(['run']);
  expect(first.exitCode, first.stdout).toBe(0);
  expect(first.stderr + first.stdout).not.toContain('does not act');
  expect(await query(INDEXES)).toEqual(expected);

  // Replaced, since nothing stands on it.
  project.write({
    'models/a.sql': model(settings, "select 2 as id, cast('x' as varchar) as name"),
  });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  expect(await query(INDEXES)).toEqual(expected);

  // Keeps its identity under a view, and gets what is new in the settings.
  await query('create view main.theirs as select * from main.a');
  const more = settings.replace(/]$/, `, {'columns': ['id', 'name']}]`);
  project.write({ 'models/a.sql': model(more, "select 3 as id, cast('x' as varchar) as name") });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  expect(await query('select id from main.theirs')).toEqual([['3']]);
  const all = [
    ['a_id_name_idx', 'CREATE INDEX a_id_name_idx ON main.a USING btree (id, name)'],
    ...expected,
  ];
  expect(await query(INDEXES)).toEqual(all);
});

test('a unique index that the rows break keeps them from being published', async () => {
  const settings = `indexes=[{'columns': ['id'], 'unique': true}]`;
  const { project, query } = await makePostgresProject({
    'models/a.sql': model(settings, 'select 1 as id'),
  });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  project.write({ 'models/a.sql': model(settings, 'select 2 as id union all select 2') });
  const broken = await project.velo(['run']);
  expect(broken.exitCode).toBe(1);
  expect(broken.stdout).toContain('could not create unique index');
  expect(await query('select id from main.a')).toEqual([['1']]);
});

test('an unlogged table is one as long as the settings say so', async () => {
  const { project, query } = await makePostgresProject({
    'models/a.sql': model('unlogged=true', 'select 1 as id'),
  });
  const kept = "select relpersistence from pg_class where oid = to_regclass('main.a')";
  expect((await project.velo(['run'])).exitCode).toBe(0);
  expect(await query(kept)).toEqual([['u']]);
  await query('create view main.theirs as select * from main.a');
  project.write({ 'models/a.sql': model('unlogged=false', 'select 2 as id') });
  expect((await project.velo(['run'])).exitCode).toBe(0);
  expect(await query(kept)).toEqual([['p']]);
  expect(await query('select id from main.theirs')).toEqual([['2']]);
});
