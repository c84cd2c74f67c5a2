import { describe, expect, it } from 'vitest';
import { relation, run } from './harness.ts';

describe('materialized views and functions', () => {
  const target = relation('db.main.v', 'materialized_view');
  const INDEX = {
    names: ['name', 'method', 'unique', 'column_names'],
    rows: [['i', 'btree', false, 'a']],
  };
  const changed = { indexes: [{ columns: ['b'], unique: true }] };
  const same = { indexes: [{ columns: ['a'] }] };
  const build = (existing: unknown, config: object) =>
    run('postgres', '{{ materialized_view_get_build_sql(existing, target, none, none) }}', {
      config: { ...config },
      answers: [INDEX],
      names: { existing, target, sql: 'select 1' },
    });

  it.each([
    [null, {}, /^create materialized view if not exists "db"."main"."v" as select 1;$/],
    [
      relation('db.main.v', 'view'),
      {},
      /^drop view if exists "db"."main"."v" cascade; create materialized view if not exists "db"."main"."v" as select 1;$/,
    ],
    [target, same, /^refresh materialized view "db"."main"."v"$/],
    [
      target,
      changed,
      /^drop index if exists "main"."i";\s*create unique index if not exists "\w{32}"\s+on "db"."main"."v"\s*\(b\);$/,
    ],
    [target, { ...changed, on_configuration_change: 'continue' }, /^$/],
  ])('what a materialized view needs (%#)', async (existing, config, expected) => {
    const { text } = await build(existing, config);
    expect(text.trim().replaceAll(/\s+/g, ' ')).toMatch(expected);
  });

  it('on_configuration_change: fail', async () => {
    const config = { ...changed, on_configuration_change: 'fail' };
    await expect(build(target, config)).rejects.toThrow('Configuration changes');
  });

  it('a materialized view between its hooks', async () => {
    const template =
      '{{ materialized_view_setup(backup, backup, pre_hooks) }}' +
      "{{ materialized_view_execute_build_sql('create', none, target, post_hooks) }}" +
      '{{ materialized_view_teardown(backup, backup, post_hooks) }}';
    const hooks = (name: string) => [
      { sql: `${name} inside`, transaction: true },
      { sql: `${name} outside`, transaction: false },
    ];
    const backup = relation('db.main.v__dbt_backup', 'materialized_view');
    const names = { target, backup, pre_hooks: hooks('pre'), post_hooks: hooks('post') };
    const answers = [{ names: ['database', 'schema', 'name', 'type'], rows: [] }];
    const { statements } = await run('duckdb', template, { names, answers });
    expect(statements.filter((sql) => !sql.includes('duckdb_tables()'))).toEqual([
      'pre outside',
      'pre inside',
      'create',
      'post inside',
      'drop materialized view if exists "db"."main"."v__dbt_backup" cascade',
      'drop materialized view if exists "db"."main"."v__dbt_backup" cascade',
      'post outside',
    ]);
  });

  it('a function is built by one statement', async () => {
    const template = "{{ function_execute_build_sql('create function', none, target) }}";
    const { statements } = await run('postgres', template, { names: { target } });
    expect(statements).toEqual(['create function']);
  });

  it.each([
    ['deterministic', 'IMMUTABLE', []],
    ['non-deterministic', 'VOLATILE', []],
    [null, '', []],
    [
      'odd',
      '',
      [
        'Found `odd` volatility specified on function `f`. This volatility is not supported by postgres, and will be ignored',
      ],
    ],
  ])('volatility %s', async (volatility, expected, warned) => {
    const model = { name: 'f', config: { volatility } };
    const { text, warnings } = await run('postgres', '{{ scalar_function_volatility_sql() }}', {
      model,
    });
    expect([text, warnings]).toEqual([expected, warned]);
  });

  it('arguments with defaults', async () => {
    const model = {
      arguments: [
        { name: 'a', data_type: 'int' },
        { name: 'b', data_type: 'int', default_value: 0 },
      ],
    };
    const { text } = await run('postgres', '{{ formatted_scalar_function_args_sql() }}', {
      model,
    });
    expect(text).toBe('a int, b int DEFAULT 0');
  });
});

describe('scripts of Python models', () => {
  it('name the relations and configs of the model', async () => {
    const model = {
      refs: [{ name: 'a', package: null, version: null }],
      sources: [['feed', 'visits']],
      config: {
        config_keys_used: ['top', 'x'],
        config_keys_defaults: [2, null],
        top: 3,
        materialized: 'table',
      },
    };
    const { text } = await run('duckdb', '{{ py_script_postfix(model) }}', {
      model,
      this: relation('db.main.m'),
    });
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines).toContain(String.raw`relations = {"a": "\"db\".\"main\".\"a\""}`);
    expect(lines).toContain(String.raw`relations = {"feed.visits": "\"db\".\"feed\".\"visits\""}`);
    expect(lines).toContain("config_dict = {'top': 3, 'x': None}");
    expect(lines).toContain('self.is_incremental = False');
  });
});
