import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ColumnSpec, relation, run, type Scene, squeeze } from './harness.ts';
import { inMemoryDuckdb } from './in-memory.ts';

const duckdb = inMemoryDuckdb();

const TARGET = relation('shop.main.target');
const SOURCE = relation('', 'table', '"source"');

describe('changes of the schema', () => {
  const scene = (source: readonly ColumnSpec[], target: readonly ColumnSpec[]): Scene => ({
    names: { source: SOURCE, target: TARGET },
    columns: { '"source"': source, '"shop"."main"."target"': target },
  });
  const [ID, OLD, NEW] = [
    ['id', 'INTEGER'],
    ['old', 'INTEGER'],
    ['new', 'DATE'],
  ] as const;

  it.each([
    ['append_new_columns', { id: 'INTEGER', old: 'INTEGER', new: 'DATE' }],
    ['sync_all_columns', { id: 'VARCHAR', new: 'DATE' }],
  ])('%s', async (mode, types) => {
    await duckdb.run('create table target as select 1 as id, 2 as old');
    const template = `{{ process_schema_changes('${mode}', source, target) | map(attribute='name') | join(',') }}`;
    const ran = run('duckdb', template, scene([['id', 'VARCHAR'], NEW], [ID, OLD]));
    for (const sql of ran.statements) await duckdb.run(sql);
    expect(ran.text).toBe('id,new');
    const found = await duckdb.rows(
      "select column_name, data_type from information_schema.columns where table_name = 'target'",
    );
    expect(Object.fromEntries(found)).toEqual(types);
  });

  it('ignore looks at nothing', () => {
    expect(
      run('duckdb', "{{ process_schema_changes('ignore', source, target) }}", scene([ID], [OLD]))
        .text,
    ).toBe('{}');
  });

  it('fail says what differs', () => {
    const call = () =>
      run(
        'duckdb',
        "{{ process_schema_changes('fail', source, target) }}",
        scene([ID, NEW], [ID, OLD]),
      );
    expect(call).toThrow(
      /out of sync[\s\S]*not in target: \[<Column new \(DATE\)>\]\n {3}Target columns not in source: \[<Column old/,
    );
  });

  it.each([['append_new_columns'], ['nope', 'ignore']])('value %s', (value, expected = value) => {
    expect(run('duckdb', `{{ incremental_validate_on_schema_change('${value}') }}`).text).toBe(
      expected,
    );
  });
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
    await duckdb.run(
      "create table target as from (values (1, 'a'), (2, 'b'), (2, 'b'), (null, 'a')) t(k, s)",
    );
    const { text } = run('duckdb', `{{ ${call} }}`, { names: { model: TARGET } });
    // A count of a group is a BIGINT, which JSON spells as a text.
    expect(
      (await duckdb.rows(text)).map((row) =>
        row.map((value) =>
          typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
        ),
      ),
    ).toEqual(expected);
  });

  it('whole rows when failures are stored', () => {
    const template = "{{ test_not_null(model=model, column_name='k') }}";
    const scene = { names: { model: TARGET }, config: { store_failures: true } };
    expect(squeeze(run('duckdb', template, scene).text)).toContain('select*from');
  });

  it('counts failures', async () => {
    const template =
      "{{ get_test_sql('select 1 union all select 2', 'count(*)', '> 0', '> 5', none) }}";
    expect(await duckdb.rows(run('duckdb', template).text)).toEqual([['2', true, false]]);
  });

  it('compares actual and expected rows', async () => {
    const types = { a: 'INTEGER', b: 'VARCHAR(2)' };
    const template =
      `{{ get_unit_test_sql('select 1 as a, ''x'' as b', get_expected_sql([{'A': 2, 'b': "it's long"}, {'a': none, 'b': none}], types, {'a': '"a"', 'b': '"b"'}), ['"a"', '"b"']) }}`.replaceAll(
        "''x''",
        "\\'x\\'",
      );
    const { text } = run('duckdb', template, { names: { types, model: {} } });
    expect(await duckdb.rows(`from (${text}) order by all nulls last`)).toEqual([
      [1, 'x', 'actual'],
      [2, "it's long", 'expected'],
      [null, null, 'expected'],
    ]);
  });

  it.each([
    [[], []],
    [[{ b: 'x' }], [[null, 'x']]],
  ])('given rows %j', async (given, expected) => {
    const names = { given, types: { a: 'INTEGER', b: 'VARCHAR' }, model: { name: 'm' } };
    const { text } = run('duckdb', '{{ get_fixture_sql(given, types) }}', { names });
    expect(await duckdb.rows(text)).toEqual(expected);
  });
});

describe('seeds on DuckDB', () => {
  it('creates, loads, empties', async () => {
    const folder = mkdtempSync(join(tmpdir(), "velo's-seed-"));
    try {
      writeFileSync(join(folder, 's.csv'), 'id;name\n1;"a;b"\n2;\n');
      const scene = {
        names: {
          this: TARGET,
          model: {
            root_path: folder,
            original_file_path: 's.csv',
            config: { delimiter: ';', column_types: { id: 'bigint' }, quote_columns: false },
          },
          table: { column_names: ['id', 'name'] },
        },
      };
      const template =
        '{% do create_csv_table(model, table) %}{% do load_csv_rows(model, table) %}';
      for (const sql of run('duckdb', template, scene).statements) await duckdb.run(sql);
      expect(await duckdb.rows('from target')).toEqual([
        ['1', 'a;b'],
        ['2', null],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
