import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeContext } from '../../../src/jinja/contexts/node-context.ts';
import { type Captured, parseNames } from '../../../src/jinja/contexts/parse-context.ts';
import { UTILITIES } from '../../../src/jinja/contexts/utility-names.ts';
import { render } from '../../../src/jinja/render.ts';
import { parseTemplate } from '../../../src/jinja/template.ts';
import { globalMacros } from '../../../src/project/global-macros.ts';
import { type Database, shopDatabase } from './database.ts';
import { columns, relation, run, type Scene, squeeze } from './harness.ts';

let database: Database;
beforeEach(async () => {
  database = await shopDatabase();
});
afterEach(() => database.close());

/** The value of an expression, as JSON. */
async function value(expression: string, scene: Scene = {}): Promise<unknown> {
  return JSON.parse((await run('duckdb', `{{ tojson(${expression}) }}`, scene)).text);
}

describe('configs', () => {
  it.each([
    [null, false, false],
    [null, true, true],
    [false, true, false],
    [true, false, true],
  ])('full_refresh: %s with the flag %s', async (full_refresh, FULL_REFRESH, expected) => {
    const scene = { config: { full_refresh }, flags: { FULL_REFRESH } };
    expect(await value('should_full_refresh()', scene)).toBe(expected);
  });

  it.each([
    [{}, false, false],
    [{}, true, true],
    [{ store_failures: false }, true, false],
    [{ store_failures_as: 'view' }, false, true],
    [{ store_failures_as: 'ephemeral', store_failures: true }, true, false],
  ])('store failures with %j and the flag %s', async (config, STORE_FAILURES, expected) => {
    expect(await value('should_store_failures()', { config, flags: { STORE_FAILURES } })).toBe(
      expected,
    );
  });

  it.each([
    ['table', 'incremental', false, true],
    ['view', 'incremental', false, false],
    ['table', 'table', false, false],
    ['table', 'incremental', true, false],
    [undefined, 'incremental', false, false],
  ])(
    'is_incremental over a %s as %s, full refresh %s',
    async (type, materialized, full, expected) => {
      const self = relation('shop.main.m', type);
      if (type !== undefined) await database.run(`create ${type} m as select 1 as a`);
      const model = { config: { materialized } };
      const scene = { database, this: self, model, flags: { FULL_REFRESH: full } };
      expect(await value('dbt.is_incremental()', scene)).toBe(expected);
    },
  );

  it('set_sql_header keeps the text of the block', async () => {
    const template = '{% call set_sql_header(config) %}set x = 1;{% endcall %}';
    const captured: Captured = { configs: [], references: [] };
    const library = {
      packages: new Map(),
      rootPackage: 'shop',
      internal: globalMacros('duckdb'),
      adapterTypes: ['duckdb'],
      dispatch: new Map(),
    };
    const names = [parseNames(captured), UTILITIES];
    render(
      parseTemplate({ file: 'case.sql', text: template }),
      nodeContext(names, library, 'shop'),
    );
    expect(captured.configs.map(({ values }) => values)).toEqual([{ sql_header: 'set x = 1;' }]);
    // Afterwards nothing is to be set any more.
    expect((await run('duckdb', `${template}!`)).text).toBe('!');
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
  ] as const)('%s, inside of the transaction: %s', async (type, inside, expected) => {
    const template = `{{ run_hooks(hooks, inside_transaction=${inside}) }}`;
    expect((await run(type, template, { names: { hooks } })).statements).toEqual(expected);
  });

  it('as configs', async () => {
    const { text } = await run(
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
  ])('get_merge_update_columns(%s)', async (args, expected) => {
    expect(await value(`get_merge_update_columns(${args}, cols)`, { names })).toEqual(expected);
  });

  it('cannot both name and exclude columns', async () => {
    await expect(value("get_merge_update_columns(['a'], ['b'], cols)", { names })).rejects.toThrow(
      'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config',
    );
  });

  it('differences', async () => {
    expect(
      await value("diff_columns(cols, others) | map(attribute='name') | list", { names }),
    ).toEqual(['B']);
    expect(await value('diff_column_data_types(cols, others)', { names })).toEqual([
      { column_name: 'a', new_type: 'INTEGER' },
    ]);
    expect(await value("get_quoted_csv(['a', 'B c'])")).toBe('"a", "B c"');
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
  ])('%j', async (config, message) => {
    const call = run('duckdb', '{% do validate_merge_config(config) %}', { config });
    await expect(call).rejects.toThrow(message);
  });

  it('says all that is wrong at once', async () => {
    const config = { merge_update_condition: 3, merge_returning_columns: 'a' };
    const call = run('duckdb', '{% do validate_merge_config(config) %}', { config });
    await expect(call).rejects.toThrow(
      /errors:\n {2}- merge_update_condition .*\n {2}- merge_returning_columns /,
    );
  });
});

describe('snapshots', () => {
  it('a column the snapshot lacks changes every row', async () => {
    await database.run('create table s as select 1 as id');
    const scene = {
      database,
      config: { unique_key: 'id', check_cols: 'all' },
      this: relation('shop.main.s'),
      names: { node: { compiled_code: 'select 1 as id, 2 as new' } },
    };
    const call = "snapshot_check_strategy(node, 'a', 'b', config, true).row_changed";
    expect(await value(call, scene)).toBe('(TRUE)');
  });

  it('a strategy that is no macro', async () => {
    await expect(run('duckdb', "{{ strategy_dispatch('nope') }}")).rejects.toThrow(
      "Could not find a snapshot strategy macro named 'snapshot_nope_strategy'",
    );
  });

  it('another type of updated_at warns', async () => {
    const { warnings } = await run(
      'duckdb',
      "{% do check_time_data_types('select current_date as dbt_updated_at') %}",
      { database },
    );
    expect(warnings).toEqual([
      "Data type of snapshot table timestamp columns (TIMESTAMP) doesn't match derived column 'updated_at' (DATE). Please update snapshot config 'updated_at'.",
    ]);
  });

  it.each(['duckdb', 'postgres'] as const)('%s: a staging table', async (type) => {
    const target = relation('shop.main.s');
    await database.run(
      "create table s as select 1 as id, 'x' as dbt_scd_id, now()::timestamp as dbt_valid_from, null::timestamp as dbt_valid_to, now()::timestamp as dbt_updated_at",
    );
    const scene = {
      database,
      this: target,
      config: { unique_key: 'id', updated_at: 'seen_at' },
      names: { target, sql: "select 1 as id, timestamp '2031-01-01' as seen_at" },
    };
    const start =
      "{% set strategy = snapshot_timestamp_strategy(none, 'snapshotted_data', 'source_data', config, true) %}" +
      '{% set staging = build_snapshot_staging_table(strategy, sql, target) %}';
    const rows =
      '{{ run_query("select dbt_change_type from " ~ staging).columns[0].values() | join }}';
    const { text } = await run(type, start + rows, scene);
    expect(text).toBe('insertupdate');
    // A temporary table of DuckDB stays with the session: velo's runs are longer than one snapshot.
    const left =
      "select count(*)::int from duckdb_tables() where table_name like 's!_!_dbt%' escape '!'";
    expect(await database.values(left)).toEqual([1]);
    const ran = await run(type, '{% do post_snapshot(staging) %}', {
      database,
      names: {
        staging: relation(
          (
            await database.values(
              "select table_name from duckdb_tables() where table_name like 's!_!_dbt%' escape '!'",
            )
          ).join(''),
        ),
      },
    });
    expect(ran.statements).toHaveLength(type === 'duckdb' ? 1 : 0);
    expect(await database.values(left)).toEqual([type === 'duckdb' ? 0 : 1]);
  });

  it('new columns', async () => {
    const names = { target: relation('db.main.s'), cols: columns([['n', 'DATE']]) };
    const ran = await run('duckdb', '{% do create_columns(target, cols) %}', { names });
    expect(ran.statements.map(squeeze)).toEqual(['alter table"db"."main"."s"add column"n"DATE']);
  });
});
