import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, shopDatabase } from './database.ts';
import { relation, run, type Scene, squeeze, tableOf } from './harness.ts';

let database: Database;
beforeEach(async () => {
  database = await shopDatabase();
});
afterEach(() => database.close());

const TARGET = relation('shop.main.target');

const duckdb = async (template: string, scene: Scene = {}) =>
  (await run('duckdb', template, { database, ...scene })).text;

describe('changes of the schema', () => {
  const names = { source: relation('source'), target: TARGET };
  beforeEach(async () => {
    await database.run('create table target as select 1 as id, 2 as old');
    await database.run("create temp table source as select 'x' as id, date '2024-01-01' as new");
  });

  it.each([
    ['append_new_columns', { id: 'INTEGER', old: 'INTEGER', new: 'DATE' }],
    ['sync_all_columns', { id: 'VARCHAR', new: 'DATE' }],
  ])('%s', async (mode, types) => {
    const template = `{{ process_schema_changes('${mode}', source, target) | map(attribute='name') | join(',') }}`;
    expect(await duckdb(template, { names })).toBe('id,new');
    const found = await database.rows(
      "select column_name, data_type from information_schema.columns where table_name = 'target'",
    );
    expect(Object.fromEntries(found)).toEqual(types);
  });

  it('ignore looks at nothing', async () => {
    const template = "{{ process_schema_changes('ignore', source, target) }}";
    const ran = await run('duckdb', template, { names });
    expect(ran).toEqual({ text: '{}', statements: [], warnings: [] });
  });

  it('fail says what differs', async () => {
    const template = "{{ process_schema_changes('fail', source, target) }}";
    await expect(duckdb(template, { names })).rejects.toThrow(
      /out of sync[\s\S]*not in target: \[<Column new \(DATE\)>\]\n {3}Target columns not in source: \[<Column old/,
    );
  });

  it.each([['append_new_columns'], ['nope', 'ignore']])(
    'value %s',
    async (value, expected = value) => {
      expect(await duckdb(`{{ incremental_validate_on_schema_change('${value}') }}`)).toBe(
        expected,
      );
    },
  );
});

describe('generic tests on DuckDB', () => {
  it.each([
    ["test_unique(model=model, column_name='k')", [[2, 2]]],
    ["test_not_null(model=model, column_name='k')", [[null]]],
    ["test_accepted_values(model=model, column_name='s', values=['a'])", [['b', 2]]],
    ["test_accepted_values(model=model, column_name='k', values=[2], quote=false)", [[1, 1]]],
    [
      "test_relationships(model=model, column_name='k', to='(select 1 as id)', field='id')",
      [[2], [2]],
    ],
  ])('%s', async (call, expected) => {
    await database.run(
      "create table target as from (values (1, 'a'), (2, 'b'), (2, 'b'), (null, 'a')) t(k, s)",
    );
    const text = await duckdb(`{{ ${call} }}`, { names: { model: TARGET } });
    // A count of a group is a BIGINT, which JSON spells as a text.
    expect(
      (await database.rows(text)).map((row) =>
        row.map((value) =>
          typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
        ),
      ),
    ).toEqual(expected);
  });

  it('whole rows when failures are stored', async () => {
    const template = "{{ test_not_null(model=model, column_name='k') }}";
    const scene = { names: { model: TARGET }, config: { store_failures: true } };
    expect(squeeze(await duckdb(template, scene))).toContain('select*from');
  });

  it('counts failures', async () => {
    const template =
      "{{ get_test_sql('select 1 union all select 2', 'count(*)', '> 0', '> 5', none) }}";
    expect(await database.rows(await duckdb(template))).toEqual([['2', true, false]]);
  });

  it('compares actual and expected rows', async () => {
    const types = { a: 'INTEGER', b: 'VARCHAR(2)' };
    const template =
      `{{ get_unit_test_sql('select 1 as a, ''x'' as b', get_expected_sql([{'A': 2, 'b': "it's long"}, {'a': none, 'b': none}], types, {'a': '"a"', 'b': '"b"'}), ['"a"', '"b"']) }}`.replaceAll(
        "''x''",
        "\\'x\\'",
      );
    const text = await duckdb(template, { names: { types } });
    expect(await database.rows(`from (${text}) order by all nulls last`)).toEqual([
      [1, 'x', 'actual'],
      [2, "it's long", 'expected'],
      [null, null, 'expected'],
    ]);
  });

  it.each([
    [[], []],
    [[{ b: 'x' }], [[null, 'x']]],
  ])('given rows %j', async (given, expected) => {
    const names = { given, types: { a: 'INTEGER', b: 'VARCHAR' } };
    const scene = { names, model: { name: 'm' } };
    const text = await duckdb('{{ get_fixture_sql(given, types) }}', scene);
    expect(await database.rows(text)).toEqual(expected);
  });
});

describe('seeds on DuckDB', () => {
  it('creates, loads, empties', async () => {
    const folder = mkdtempSync(join(tmpdir(), "velo's-seed-"));
    try {
      writeFileSync(join(folder, 's.csv'), 'id;name\n1;"a;b"\n2;\n');
      const model = {
        root_path: folder,
        original_file_path: 's.csv',
        config: { delimiter: ';', column_types: { id: 'bigint' }, quote_columns: false },
      };
      const scene = { this: TARGET, model, names: { table: tableOf(['id', 'name']) } };
      const template =
        '{% do create_csv_table(model, table) %}{% do load_csv_rows(model, table) %}';
      await duckdb(template, scene);
      expect(await database.rows('from target')).toEqual([
        ['1', 'a;b'],
        ['2', null],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('types come from the values, where no config names them', async () => {
    const table = tableOf(
      ['n', 'on', 'note'],
      [
        [1, true, 'x'],
        [2, false, null],
      ],
    );
    await duckdb('{% do create_csv_table(model, table) %}', {
      this: TARGET,
      model: { config: {} },
      names: { table },
    });
    expect(await database.rows('select column_name, column_type from (describe target)')).toEqual([
      ['n', 'INTEGER'],
      ['on', 'BOOLEAN'],
      ['note', 'VARCHAR'],
    ]);
  });

  it('binds the values of each batch', async () => {
    await database.run('create table target (a integer, b varchar)');
    const rows = Array.from({ length: 10_001 }, (_, n) => [n, n === 3 ? "it's 100%s?" : null]);
    for (const [macro, place] of [
      ['default__load_csv_rows', '(?,?)'],
      ['dbt.load_csv_rows', '(%s,%s)'],
    ] as const) {
      const type = place === '(?,?)' ? 'duckdb' : 'postgres';
      const template = `{{ ${macro}(model, table) | trim | truncate(73, true, '') }}`;
      const ran = await run(type, template, {
        database,
        this: TARGET,
        model: { config: { quote_columns: true } },
        names: { table: tableOf(['a', 'b'], rows) },
      });
      expect(squeeze(ran.text)).toContain(
        `insert into"shop"."main"."target"("a","b")values${place}`,
      );
      expect(ran.statements).toHaveLength(2);
    }
    expect(await database.rows('select count(*), sum(a), count(b), max(b) from target')).toEqual([
      ['20002', '100010000', '2', "it's 100%s?"],
    ]);
  });

  it('too few bindings are an error', async () => {
    await expect(duckdb("{% do adapter.add_query('select ?, ?', bindings=[1]) %}")).rejects.toThrow(
      'adapter.add_query() has 1 bindings for 2 places',
    );
  });
});
