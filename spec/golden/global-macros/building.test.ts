import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, shopDatabase } from './database.ts';
import { relation, run } from './harness.ts';

let database: Database;
beforeEach(async () => {
  database = await shopDatabase();
});
afterEach(() => database.close());

const kindOf = (name: string) =>
  database.values(`select table_type from information_schema.tables where table_name = '${name}'`);

describe('create_or_replace_view', () => {
  const build = (more: Readonly<Record<string, unknown>> = {}) =>
    run(
      'duckdb',
      "{% set built = create_or_replace_view() %}{{ built.relations | join(',') }} {{ built.relations[0].type }}",
      {
        database,
        this: relation('shop.main.v', 'view'),
        names: { sql: 'select 1 as a' },
        config: more,
      },
    );

  it.each([
    ['nothing', 'select 1'],
    ['a view', 'create view v as select 0 as old'],
    ['a table', 'create table v as select 0 as old'],
  ])('in the place of %s', async (_, before) => {
    await database.run(before);
    expect((await build()).text).toBe('"shop"."main"."v" view');
    expect(await kindOf('v')).toEqual(['VIEW']);
    expect(await database.rows('select a from v')).toEqual([[1]]);
  });

  it('between the hooks of the node', async () => {
    await database.run('create table steps (what varchar)');
    const hook = (what: string) => [
      {
        sql: `insert into steps select '${what}' || count(*) from duckdb_views() where view_name = 'v'`,
        transaction: true,
      },
    ];
    await build({ 'pre-hook': hook('before '), 'post-hook': hook('after ') });
    expect(await database.values('from steps')).toEqual(['before 0', 'after 1']);
  });
});

describe('register_upstream_external_models', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'velo-external-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const external = (name: string, config: Readonly<Record<string, unknown>> = {}) => ({
    database: 'shop',
    schema: 'lake',
    alias: name,
    depends_on: { nodes: [] },
    config: { materialized: 'external', ...config },
  });

  it('makes views over the files of what is read but not built', async () => {
    const file = (name: string) => join(folder, name);
    await database.run(`copy (select 7 as a) to '${file('given.parquet')}'`);
    await database.run(`copy (select 8 as a) to '${file('built.parquet')}'`);
    await database.run(`copy (select 9 as a) to '${file('elsewhere.csv')}'`);
    const parents = ['given', 'built', 'elsewhere', 'absent', 'plain'].map(
      (n) => `model.shop.${n}`,
    );
    const graph = {
      nodes: {
        'model.shop.given': external('given'),
        'model.shop.built': external('built'),
        'model.shop.elsewhere': external('elsewhere', { location: file('elsewhere.csv') }),
        'model.shop.absent': external('absent'),
        'model.shop.plain': { ...external('plain'), config: { materialized: 'table' } },
        'model.shop.reads': { depends_on: { nodes: parents }, config: {} },
      },
    };
    const { text } = await run('duckdb', '{{ register_upstream_external_models() }}', {
      database,
      graph,
      selected: ['model.shop.reads', 'model.shop.built'],
      target: { settings: { external_root: folder } },
    });
    expect(text).toBe('');
    const views = "select view_name from duckdb_views() where schema_name = 'lake' order by 1";
    expect(await database.values(views)).toEqual(['elsewhere', 'given']);
    expect(await database.rows('from lake.given, lake.elsewhere')).toEqual([[7, '9']]);
  });
});
