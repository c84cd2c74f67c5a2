import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPlain, toText } from '../../../src/jinja/value.ts';
import { type Database, shopDatabase } from './database.ts';
import { duck, type Scene } from './harness.ts';
import { hasRecords, readRecord } from './records.ts';

describe('macros that speak with the database, on DuckDB', () => {
  let database: Database;
  const sql = (text: string) => database.values(text);
  beforeAll(async () => {
    database = await shopDatabase();
    await database.run('create schema main_staging');
  });
  afterAll(() => database.close());
  const evaluate = async (expression: string, settings: Scene = {}) =>
    toPlain(await duck({ database, ...settings }).evaluate(expression));
  const rows = (table: string) =>
    `${table}.rows[0][0] ~ '|' ~ ${table}.rows[0][1] ~ '|' ~ ${table}.column_names | join(',')`;

  it('run_query returns the table of its query', async () => {
    expect(await evaluate(rows(`run_query("select 1 as a, 'x' as b")`))).toBe('1|x|a,b');
  });

  it('a schema is created, found and dropped with what it holds', async () => {
    const found = `run_query("select 1").rows and (dbt.list_schemas('shop').columns[0].values() | sort | join(','))`;
    await evaluate(`dbt.create_schema(relation('shop', 'fresh', 't'))`);
    await database.run('create table fresh.t as select 1 as a');
    expect(await evaluate(found)).toContain('fresh');
    const exists = `dbt.check_schema_exists(relation('shop', 'fresh'), 'FRESH').rows[0][0] | int`;
    expect(await evaluate(exists)).toBe(1);
    await evaluate(`dbt.drop_schema_named('fresh')`);
    expect(await evaluate(exists)).toBe(0);
  });

  it('tables and views are made, listed, renamed and dropped', async () => {
    const view = `relation('shop', 'main_staging', 'v', 'view')`;
    await database.run(
      toText(await evaluate(`dbt.get_create_view_as_sql(${view}, 'select 1 as a')`)),
    );
    const table = `relation('shop', 'main_staging', 't', 'table')`;
    await database.run(
      toText(
        await evaluate(`dbt.get_create_table_as_sql(false, ${table}, "select 1 as a, 'x' as b")`),
      ),
    );
    const listed = `dbt.list_relations_without_caching(relation('shop', 'MAIN_STAGING'))`;
    expect(await evaluate(`${listed}.columns[1].values() | sort | join(',')`)).toBe('t,v');
    expect(await evaluate(`${listed}.columns[3].values() | sort | join(',')`)).toBe('table,view');
    expect(await evaluate(`dbt.get_columns_in_relation(${table}) | join(' ')`)).toBe(
      '<Column a (INTEGER)> <Column b (character varying(256))>',
    );
    await evaluate(`dbt.rename_relation(${view}, relation('shop', 'main_staging', 'w', 'view'))`);
    expect(await sql('select a from main_staging.w')).toEqual([1]);
    await evaluate(`dbt.truncate_relation(${table})`);
    expect(await sql('select count(*)::int from main_staging.t')).toEqual([0]);
    await evaluate(`dbt.drop_relation(relation('shop', 'main_staging', 'w', 'view'))`);
    await evaluate(`dbt.drop_relation_if_exists(${table})`);
    await evaluate('dbt.drop_relation_if_exists(none)');
    expect(await evaluate(`${listed}.rows | length`)).toBe(0);
  });

  it('columns are added, dropped and change their type with their values', async () => {
    await database.run(`create table main_staging.c as select '7' as a, 1 as b`);
    const table = `relation('shop', 'main_staging', 'c', 'table')`;
    await evaluate(
      `dbt.alter_relation_add_remove_columns(${table}, [api.Column('d', 'DATE'), api.Column('e', 'INTEGER')], [api.Column('b', 'INTEGER')])`,
    );
    await evaluate(`dbt.alter_column_type(${table}, 'a', 'integer')`);
    expect(
      await sql(`select name || ' ' || type from pragma_table_info('main_staging.c')`),
    ).toEqual(['d DATE', 'e INTEGER', 'a INTEGER']);
    expect(await sql('select a from main_staging.c')).toEqual([7]);
  });

  it('a contract that the query breaks is an error that names both sides', async () => {
    const model = { columns: { id: { name: 'id', data_type: 'integer' } } };
    const settings = { model, config: { contract: { enforced: true } } };
    const check = (query: string) =>
      evaluate(`dbt.get_assert_columns_equivalent("${query}")`, settings);
    expect(await check('select 1 as id')).toBe('');
    const row = (reason: string) => new RegExp(`^.*column_name.*\n.*\n\\| ${reason} +\\|$`, 'm');
    await expect(check("select 'x' as id")).rejects.toThrow(
      row('id +\\| VARCHAR +\\| INTEGER +\\| data type mismatch'),
    );
    await expect(check('select 1 as id, 2 as more')).rejects.toThrow(
      row('more +\\| INTEGER +\\| +\\| missing in contract'),
    );
    const untyped = { ...settings, model: { columns: { id: { name: 'id' } } } };
    await expect(
      evaluate('dbt.get_assert_columns_equivalent("select 1 as id")', untyped),
    ).rejects.toThrow(/data_type to be defined for each column[\s\S]*\['id'\]/);
  });

  it.skipIf(!hasRecords).each([
    ['153-contract-violation', { titel: 'integer' }],
    ['154-contract-type-mismatch', { title: 'integer' }],
  ])(
    'a broken contract is told as dbt does: %s (skipped without ../shared)',
    async (record, types) => {
      const named = Object.entries({ sku: 'varchar', ...types });
      const columns = Object.fromEntries(
        named.map(([name, data_type]) => [name, { name, data_type }]),
      );
      const scene = { model: { columns }, config: { contract: { enforced: true } } };
      const call = `dbt.get_assert_columns_equivalent("select 'A' as sku, 'First' as title")`;
      const told = readRecord(`invocations/${record}.txt`)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.startsWith('|'));
      expect(told.length).toBeGreaterThan(2);
      await expect(evaluate(call, scene)).rejects.toThrow(told.join('\n'));
    },
  );

  it('constraints of a contract hold', async () => {
    const constraint = (type: string, more: object = {}) => ({ type, ...more });
    const model = {
      columns: {
        id: { name: 'id', data_type: 'integer', constraints: [constraint('not_null')] },
        part: { name: 'part', data_type: 'varchar', quote: true },
      },
      constraints: [
        constraint('unique', { name: 'one_each', columns: ['id', 'part'] }),
        constraint('check', { expression: 'id > 0' }),
      ],
    };
    const settings = { model, config: { contract: { enforced: true } } };
    const table = `relation('shop', 'main_staging', 'k', 'table')`;
    const create = `dbt.create_table_as(false, ${table}, "select 1 as id, 'a' as part")`;
    await database.run(toText(await evaluate(create, settings)));
    expect(await evaluate('dbt.enforced_constraint_types() | sort | join(",")', settings)).toBe(
      'check,not_null,unique',
    );
    expect(await evaluate(`dbt.existing_constraint_types(${table}) | join(",")`)).toBe(
      'check,not_null,unique',
    );
    await expect(database.run(`insert into main_staging.k values (0, 'a')`)).rejects.toThrow(
      'CHECK',
    );
    await expect(database.run(`insert into main_staging.k values (1, 'a')`)).rejects.toThrow(
      'Duplicate',
    );
    expect(await evaluate('dbt.may_be_foreign_key_target()', settings)).toBe(true);
    expect(await evaluate('dbt.has_foreign_key_constraints()', settings)).toBe(false);
  });

  it('tables that point at a relation are put aside and come back', async () => {
    await database.run(`create table main_staging.p (id integer primary key)`);
    await database.run(
      `create table main_staging.q (id integer primary key, p integer references main_staging.p (id))`,
    );
    await database.run(
      `create table main_staging.r (q integer, foreign key (q) references main_staging.q (id))`,
    );
    await database.run('insert into main_staging.p values (1)');
    await database.run('insert into main_staging.q values (2, 1)');
    await database.run('insert into main_staging.r values (2)');
    const p = `relation('shop', 'main_staging', 'p', 'table')`;
    expect(await evaluate(`dbt.may_be_foreign_key_target(${p})`)).toBe(true);
    expect(
      await evaluate(`dbt.has_foreign_key_constraints(relation('shop', 'main_staging', 'r'))`),
    ).toBe(true);
    const rebuild = duck({ database });
    const dropped = `dbt.drop_relation_for_rebuild(${p})`;
    await rebuild.evaluate(
      `dbt.restore_foreign_key_dependents((${dropped}, run_query('create table main_staging.p as select 1 as id'), run_query('alter table main_staging.p add primary key (id)'))[0])`,
    );
    expect(await sql('select p from main_staging.q')).toEqual([1]);
    expect(await sql('select q from main_staging.r')).toEqual([2]);
    await expect(database.run('insert into main_staging.r values (9)')).rejects.toThrow(
      'foreign key',
    );
  });

  it('indexes are made for the config, and dropped', async () => {
    await database.run('create table main_staging.i as select 1 as a, 2 as b');
    const table = `relation('shop', 'main_staging', 'i', 'table')`;
    const indexes = [{ columns: ['a'], unique: true }];
    await evaluate(`dbt.create_indexes(${table})`, { config: { indexes } });
    const count = `select count(*)::int from duckdb_indexes() where table_name = 'i' and is_unique`;
    expect(await sql(count)).toEqual([1]);
    await evaluate(`dbt.drop_indexes_on_relation(${table})`);
    expect(await sql(count)).toEqual([0]);
  });

  it('descriptions reach the catalog', async () => {
    await database.run('create schema docs');
    await database.run('create table docs.d as select 1 as a, 2 as "B"');
    await database.run('create view docs.w as select a from docs.d');
    const model = {
      description: "It's $1",
      columns: {
        a: { name: 'a', description: 'first' },
        B: { name: 'B', description: 'second', quote: true },
        gone: { name: 'gone', description: 'x' },
      },
    };
    const persist = duck({
      database,
      model,
      config: { persist_docs: { relation: true, columns: true } },
    });
    await persist.evaluate(`dbt.persist_docs(relation('shop', 'docs', 'd', 'table'), model)`);
    expect(persist.warnings).toEqual([expect.stringContaining('gone')]);
    const columns = [
      'table_database',
      'table_schema',
      'table_name',
      'table_type',
      'table_comment',
      'table_owner',
      'column_name',
      'column_index',
      'column_type',
      'column_comment',
    ];
    const expected = [
      ['shop', 'docs', 'd', 'BASE TABLE', "It's $1", null, 'a', 1, 'INTEGER', 'first'],
      ['shop', 'docs', 'd', 'BASE TABLE', "It's $1", null, 'B', 2, 'INTEGER', 'second'],
      ['shop', 'docs', 'w', 'VIEW', null, null, 'a', 1, 'INTEGER', null],
    ];
    for (const call of [
      `dbt.get_catalog(relation('SHOP'), ['Docs'])`,
      `dbt.get_catalog_relations(relation('shop'), [relation('shop', 'docs', 'd'), relation('shop', 'docs', 'W')])`,
      `dbt.get_catalog_relations(relation('shop'), [relation('shop', 'docs')])`,
    ]) {
      const catalog = duck({ database });
      expect(await catalog.evaluate(`${call}.column_names | list`)).toEqual(columns);
      expect(await database.rows(catalog.statements.at(-1) ?? '')).toEqual(expected);
    }
    await expect(
      evaluate(`dbt.duckdb_escape_comment('a $dbt_comment_literal_block$ b')`),
    ).rejects.toThrow('must not hold');
  });

  it('freshness is the newest row that the filter leaves', async () => {
    await database.run(
      `create table main_staging.f as from (values (1, timestamp '2024-01-01'), (2, timestamp '2024-01-05')) t(id, seen)`,
    );
    const newest = (call: string) => evaluate(`dbt.${call}.table.rows[0][0] ~ ''`);
    const source = `relation('shop', 'main_staging', 'f')`;
    expect(await newest(`collect_freshness(${source}, 'seen', none)`)).toBe('2024-01-05 00:00:00');
    expect(await newest(`collect_freshness(${source}, 'seen', 'id < 2')`)).toBe(
      '2024-01-01 00:00:00',
    );
    expect(
      await newest(
        `collect_freshness_custom_sql(${source}, 'select min(seen) from main_staging.f')`,
      ),
    ).toBe('2024-01-01 00:00:00');
  });

  it('show limits a query, even one that ends in a comment', async () => {
    const shown = (limit: string) =>
      evaluate(`dbt.get_show_sql('select * from range(5) -- numbers', none, ${limit})`);
    expect(await sql(toText(await shown('2')))).toEqual(['0', '1']);
    expect(await sql(toText(await shown('none')))).toHaveLength(5);
    expect(await evaluate(`dbt.get_show_sql('select 1', 'set x', 2)`)).toBe(
      'set x\nselect 1\nlimit 2',
    );
  });

  it('validate_sql fails for a wrong query and runs no right one', async () => {
    expect(await evaluate(`dbt.validate_sql('select 1').response ~ ''`)).toBe('OK');
    await expect(evaluate(`dbt.validate_sql('select nowhere')`)).rejects.toThrow('nowhere');
  });

  it('files are named, written and found', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'velo-macros-'));
    const file = join(folder, 'a.csv');
    await database.run('create table main_staging.o as select 1 as a, 2 as b');
    expect(await evaluate(`dbt.location_exists('${file}')`)).toBe(false);
    const options = `dbt.render_write_options({'format': 'csv', 'delimiter': ';', 'options': {'QUOTE': "'~'"}})`;
    await evaluate(
      `dbt.write_to_file(relation('shop', 'main_staging', 'o'), '${file}', ${options})`,
    );
    expect(readFileSync(file, 'utf8')).toBe('a;b\n1;2\n');
    expect(await evaluate(`dbt.location_exists('${folder}/*.csv')`)).toBe(true);
    rmSync(folder, { recursive: true });
    const located = (config: string) =>
      evaluate(`dbt.external_location(relation('shop', 'main', 'o'), ${config})`);
    expect(await located('{}')).toBe('./o.parquet');
    expect(await located(`{'format': 'csv'}`)).toBe('./o.csv');
    expect(await located(`{'location': 'x/y.parquet'}`)).toBe('x/y.parquet');
    expect(await located(`{'options': {'partition_by': 'day'}}`)).toBe('./o');
  });
});
