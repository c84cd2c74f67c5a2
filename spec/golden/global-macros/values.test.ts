import { describe, expect, it } from 'vitest';
import { columns, relation, run } from './harness.ts';

/** The value of an expression, as JSON. */
function value(expression: string, scene: Parameters<typeof run>[2] = {}): unknown {
  return JSON.parse(run('duckdb', `{{ tojson(${expression}) }}`, scene).text);
}

describe('configs', () => {
  it.each([
    [null, false, false],
    [null, true, true],
    [false, true, false],
    [true, false, true],
  ])('full_refresh: %s with the flag %s', (full_refresh, FULL_REFRESH, expected) => {
    const scene = { config: { full_refresh }, flags: { FULL_REFRESH } };
    expect(value('should_full_refresh()', scene)).toBe(expected);
  });

  it.each([
    [{}, false, false],
    [{}, true, true],
    [{ store_failures: false }, true, false],
    [{ store_failures_as: 'view' }, false, true],
    [{ store_failures_as: 'ephemeral', store_failures: true }, true, false],
  ])('store failures with %j and the flag %s', (config, STORE_FAILURES, expected) => {
    expect(value('should_store_failures()', { config, flags: { STORE_FAILURES } })).toBe(expected);
  });

  it.each([
    ['table', 'incremental', false, true],
    ['view', 'incremental', false, false],
    ['table', 'table', false, false],
    ['table', 'incremental', true, false],
    [undefined, 'incremental', false, false],
  ])('is_incremental over a %s as %s, full refresh %s', (type, materialized, full, expected) => {
    const self = relation('db.main.m', type);
    const scene = {
      names: { this: self, model: { config: { materialized } } },
      flags: { FULL_REFRESH: full },
      relations: type === undefined ? {} : { [self.toString()]: self },
    };
    expect(value('is_incremental()', scene)).toBe(expected);
  });

  it('set_sql_header keeps the text of the block', () => {
    const template = '{% call set_sql_header(config) %}set x = 1;{% endcall %}';
    expect(run('duckdb', template).text).toBe('sql_header=set x = 1;');
  });
});

describe('hooks', () => {
  const hooks = [
    { sql: ' insert 1 ', transaction: true },
    { sql: '  ', transaction: true },
    { sql: 'vacuum', transaction: false },
    { sql: 'analyze', transaction: false },
  ];

  it.each([
    ['duckdb', 'True', ['insert 1']],
    ['duckdb', 'False', ['vacuum', 'analyze']],
    ['postgres', 'True', ['insert 1']],
    ['postgres', 'False', ['commit;', 'vacuum', 'analyze']],
  ] as const)('%s, inside of the transaction: %s', (type, inside, expected) => {
    const template = `{{ run_hooks(hooks, inside_transaction=${inside}) }}`;
    expect(run(type, template, { names: { hooks } }).statements).toEqual(expected);
  });

  it('as configs', () => {
    const { text } = run(
      'duckdb',
      '[{{ before_begin("a") }},{{ in_transaction("b") }},{{ after_commit("c") }}]',
    );
    expect(JSON.parse(text)).toEqual([
      { sql: 'a', transaction: false },
      { sql: 'b', transaction: true },
      { sql: 'c', transaction: false },
    ]);
  });
});

describe('columns', () => {
  const names = {
    cols: columns([
      ['a', 'INTEGER'],
      ['B', 'TEXT'],
    ]),
    others: columns([['a', 'BIGINT']]),
  };

  it.each([
    ['none, none', ['"a"', '"B"']],
    ["['a'], none", ['a']],
    ["none, ['A', 'b']", []],
    ["none, ['b']", ['"a"']],
  ])('get_merge_update_columns(%s)', (args, expected) => {
    expect(value(`get_merge_update_columns(${args}, cols)`, { names })).toEqual(expected);
  });

  it('cannot both name and exclude columns', () => {
    expect(() => value("get_merge_update_columns(['a'], ['b'], cols)", { names })).toThrow(
      'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config',
    );
  });

  it('differences', () => {
    expect(value("diff_columns(cols, others) | map(attribute='name') | list", { names })).toEqual([
      'B',
    ]);
    expect(value('diff_column_data_types(cols, others)', { names })).toEqual([
      { column_name: 'a', new_type: 'INTEGER' },
    ]);
    expect(value("get_quoted_csv(['a', 'B c'])")).toBe('"a", "B c"');
  });
});

describe('merge configs on DuckDB', () => {
  it.each([
    [{ merge_update_condition: 3 }, 'merge_update_condition must be a string, found: 3'],
    [{ merge_update_columns: 'a' }, 'merge_update_columns must be a list, found: a'],
    [{ merge_exclude_columns: ['a', 4] }, 'merge_exclude_columns[1] must be a string, found: 4'],
    [
      { merge_update_set_expressions: ['a'] },
      "merge_update_set_expressions must be a dictionary, found: ['a']",
    ],
    [{ merge_clauses: [] }, 'merge_clauses must be a dictionary, found: []'],
    [{ merge_clauses: {} }, 'merge_clauses must have when_matched or when_not_matched'],
    [
      { merge_clauses: { matched: [{ action: 'delete' }] } },
      'merge_clauses.matched is unknown; when_matched and when_not_matched are known',
    ],
    [
      { merge_clauses: { when_matched: 'delete' } },
      'merge_clauses.when_matched must be a list, found: delete',
    ],
    [
      { merge_clauses: { when_matched: ['delete'] } },
      'merge_clauses.when_matched[0] must be a dictionary, found: delete',
    ],
    [
      { merge_clauses: { when_matched: [{ action: 'insert' }] } },
      'merge_clauses.when_matched[0].action must be one of update, delete, do_nothing, error; found: insert',
    ],
    [
      { merge_clauses: { when_matched: [{ action: 'update', mode: 'x' }] } },
      'merge_clauses.when_matched[0].mode must be one of by_name, by_position, star, explicit; found: x',
    ],
    [
      {
        merge_clauses: {
          when_not_matched: [{ action: 'insert', mode: 'explicit', insert: { columns: ['a'] } }],
        },
      },
      'merge_clauses.when_not_matched[0].insert must have columns and as many values',
    ],
    [
      { merge_update_columns: ['a'], merge_clauses: { when_matched: [{ action: 'delete' }] } },
      'merge_update_columns has no effect beside merge_clauses: put it into a clause',
    ],
  ])('%j', (config, message) => {
    const call = () => run('duckdb', '{% do validate_merge_config(config) %}', { config });
    expect(call).toThrow(message);
  });

  it('says all that is wrong at once', () => {
    const config = { merge_update_condition: 3, merge_returning_columns: 'a' };
    expect(() => run('duckdb', '{% do validate_merge_config(config) %}', { config })).toThrow(
      /errors:\n {2}- merge_update_condition .*\n {2}- merge_returning_columns /,
    );
  });
});

describe('seeds', () => {
  it('binds the values of each batch', () => {
    const rows = Array.from({ length: 10_001 }, (_, index) => [index, null]);
    const { text, statements, bindings } = run(
      'postgres',
      '{{ load_csv_rows(model, table) == "" }}',
      {
        names: {
          model: { config: { quote_columns: true } },
          table: { column_names: ['a', 'b'], rows },
          this: relation('db.main.s'),
        },
      },
    );
    expect(text).toBe('False');
    expect(statements).toHaveLength(2);
    expect(statements[1]).toMatch(/^insert into "db"."main"."s" \("a", "b"\) values\s+\(%s,%s\)$/);
    expect(bindings).toHaveLength(20_002);
    expect(bindings.slice(-2)).toEqual([10_000, null]);
  });
});

describe('snapshots', () => {
  it('a column the snapshot lacks changes every row', () => {
    const scene = {
      config: { unique_key: 'id', check_cols: 'all' },
      names: { this: relation('db.main.s'), node: { compiled_code: 'select' } },
      columns: {
        select: [
          ['id', 'INT'],
          ['new', 'INT'],
        ] as const,
        '"db"."main"."s"': [['id', 'INT']] as const,
      },
    };
    const call = "snapshot_check_strategy(node, 'a', 'b', config, true).row_changed";
    expect(value(call, scene)).toBe('(TRUE)');
  });

  it('a strategy that is no macro', () => {
    expect(() => run('duckdb', "{{ strategy_dispatch('nope') }}")).toThrow(
      "Could not find a snapshot strategy macro named 'snapshot_nope_strategy'",
    );
  });

  it('another type of updated_at warns', () => {
    const names = { query_columns: columns([['dbt_updated_at', 'DATE']]) };
    const { warnings } = run('duckdb', "{% do check_time_data_types('select') %}", { names });
    expect(warnings).toEqual([
      "Data type of snapshot table timestamp columns (TIMESTAMP) doesn't match derived column 'updated_at' (DATE). Please update snapshot config 'updated_at'.",
    ]);
  });

  it.each(['duckdb', 'postgres'] as const)('%s: a staging table', (type) => {
    const target = relation('db.main.s');
    const scene = {
      config: { unique_key: 'id', updated_at: 'at' },
      names: { target, sql: 'select 1 as id' },
    };
    const template =
      "{% set strategy = snapshot_timestamp_strategy(none, 'snapshotted_data', 'source_data', config, true) %}" +
      '{% set staging = build_snapshot_staging_table(strategy, sql, target) %}{{ staging }}' +
      '{% do post_snapshot(staging) %}';
    const { text, statements, dropped } = run(type, template, scene);
    expect(text).toBe('s__dbt_tmp');
    expect(statements.map((sql) => sql.trim().slice(0, 39))).toEqual([
      'create temporary table s__dbt_tmp as (w',
    ]);
    expect(dropped).toEqual(type === 'duckdb' ? ['s__dbt_tmp'] : []);
  });

  it('new columns', () => {
    const names = { target: relation('db.main.s'), cols: columns([['n', 'DATE']]) };
    expect(run('duckdb', '{% do create_columns(target, cols) %}', { names }).statements).toEqual([
      'alter table "db"."main"."s" add column "n" DATE',
    ]);
  });
});

describe('materialized views and functions', () => {
  const target = relation('db.main.v', 'materialized_view');
  it.each([
    [null, {}, 'create materialized view "db"."main"."v" as select 1'],
    [relation('db.main.v', 'view'), {}, 'replace "db"."main"."v" by select 1'],
    [target, {}, 'refresh materialized view "db"."main"."v"'],
    [target, { changes: ['index'] }, 'alter "db"."main"."v"'],
    [target, { changes: ['index'], on_configuration_change: 'continue' }, ''],
  ])('what a materialized view needs (%#)', (existing, config, expected) => {
    const template = '{{ materialized_view_get_build_sql(existing, target, none, none) }}';
    const scene = { config, names: { existing, target, sql: 'select 1' } };
    expect(run('postgres', template, scene).text).toBe(expected);
  });

  it('on_configuration_change: fail', () => {
    const template = '{{ materialized_view_get_build_sql(target, target, none, none) }}';
    const config = { changes: ['index'], on_configuration_change: 'fail' };
    expect(() => run('postgres', template, { config, names: { target } })).toThrow(
      'Configuration changes',
    );
  });

  it('a materialized view between its hooks', () => {
    const template =
      '{{ materialized_view_setup(none, none, pre_hooks) }}' +
      "{{ materialized_view_execute_build_sql('create', none, target, post_hooks) }}" +
      '{{ materialized_view_teardown(none, none, post_hooks) }}';
    const hooks = (name: string) => [
      { sql: `${name} inside`, transaction: true },
      { sql: `${name} outside`, transaction: false },
    ];
    const names = { target, pre_hooks: hooks('pre'), post_hooks: hooks('post') };
    expect(run('duckdb', template, { names }).statements).toEqual([
      'pre outside',
      'pre inside',
      'create',
      'post inside',
      'post outside',
    ]);
  });

  it('a function is built by one statement', () => {
    const template = "{{ function_execute_build_sql('create function', none, target) }}";
    expect(run('postgres', template, { names: { target, model: {} } }).statements).toEqual([
      'create function',
    ]);
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
  ])('volatility %s', (volatility, expected, warned) => {
    const names = { model: { name: 'f', config: { volatility } } };
    const { text, warnings } = run('postgres', '{{ scalar_function_volatility_sql() }}', { names });
    expect([text, warnings]).toEqual([expected, warned]);
  });

  it('arguments with defaults', () => {
    const model = {
      arguments: [
        { name: 'a', data_type: 'int' },
        { name: 'b', data_type: 'int', default_value: 0 },
      ],
    };
    const { text } = run('postgres', '{{ formatted_scalar_function_args_sql() }}', {
      names: { model },
    });
    expect(text).toBe('a int, b int DEFAULT 0');
  });
});

describe('scripts of Python models', () => {
  it('name the relations and configs of the model', () => {
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
    const { text } = run('duckdb', '{{ py_script_postfix(model) }}', {
      names: { model, this: relation('db.main.m') },
    });
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines).toContain(String.raw`relations = {"a": "\"db\".\"main\".\"a\""}`);
    expect(lines).toContain(String.raw`relations = {"feed.visits": "\"db\".\"feed\".\"visits\""}`);
    expect(lines).toContain("config_dict = {'top': 3, 'x': None}");
    expect(lines).toContain('self.is_incremental = False');
  });
});
