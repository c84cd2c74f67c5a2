import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columns, relation, run, type Scene, squeeze } from './harness.ts';

const SQL = join(import.meta.dirname, '../../../../shared/reference/dbt/sql');
const hasShared = existsSync(SQL);

const MARTS = 'shop/models/marts/incremental';
const STAGING = 'shop/models/staging/_staging.yml';
const FIXTURES = `${MARTS}/_inc.yml`;
const ADAPTERS = ['duckdb', 'postgres'] as const;
type Adapter = (typeof ADAPTERS)[number];

function recorded(path: string): string {
  return readFileSync(join(SQL, path), 'utf8');
}

/** The first statement a node sent that starts with `start`. */
function sent(file: string, connection: string, start: string): string {
  const lines = JSON.parse(recorded(file)) as { conn?: string; sql?: string }[];
  const found = lines.find(({ conn, sql }) => conn === connection && sql?.startsWith(start));
  return found?.sql ?? '';
}

/** The query of a `create table … as ( query );`. */
function queryOf(statement: string): string {
  return /\bas\s*\(([^]*)\);\s*$/.exec(statement)?.[1] ?? '';
}

describe.skipIf(!hasShared)('generic tests, byte for byte (skipped without ../shared)', () => {
  if (!hasShared) return;
  const model = (schema: string, name: string) => relation(`shop.${schema}.${name}`);
  const cases: readonly [path: string, template: string, Scene][] = [
    [
      `${STAGING}/unique_stg_orders_order_id.sql`,
      "{{ test_unique(model=model, column_name='order_id') }}",
      { names: { model: model('main_staging', 'stg_orders') } },
    ],
    [
      `${STAGING}/not_null_stg_orders_order_id.sql`,
      "{{ test_not_null(model=model, column_name='order_id') }}",
      { names: { model: model('main_staging', 'stg_orders') } },
    ],
    [
      `${STAGING}/email_is_known.sql`,
      "{{ test_not_null(model=get_where_subquery(model), column_name='email') }}",
      { names: { model: model('main_staging', 'stg_customers') }, config: { where: 'vip' } },
    ],
    [
      `${STAGING}/accepted_values_stg_customers_city__K_ln__Lyon__Oslo__unknown.sql`,
      "{{ test_accepted_values(model=get_where_subquery(model), column_name='city', values=['Köln', 'Lyon', 'Oslo', 'unknown']) }}",
      { names: { model: model('main_staging', 'stg_customers') } },
    ],
    [
      `${STAGING}/relationships_stg_orders_96411fe0c89b49c3f4da955dfd358ba0.sql`,
      "{{ test_relationships(model=model, column_name='customer_id', to=to, field='customer_id') }}",
      {
        names: {
          model: model('main_staging', 'stg_orders'),
          to: model('main_staging', 'stg_customers'),
        },
      },
    ],
  ];
  for (const type of ADAPTERS) {
    for (const [path, template, scene] of cases) {
      it(`${type} ${path}`, () => {
        expect(run(type, template, scene).text).toBe(recorded(`${type}-first/compiled/${path}`));
      });
    }
  }
});

describe.skipIf(!hasShared)('get_test_sql (skipped without ../shared)', () => {
  if (!hasShared) return;
  it.each([
    ['unique_stg_orders_order_id', 'count(*)', 'none'],
    ['row_count_at_least_stg_items_5', 'coalesce(max(missing), 0)', 'none'],
    ['accepted_values_stg_orders_status__open__done__returned', 'count(*)', '10'],
  ])('%s', (name, failCalc, limit) => {
    const main = recorded(`duckdb-first/compiled/${STAGING}/${name}.sql`);
    const template = `{{ get_test_sql(main, '${failCalc}', '!= 0', '!= 0', ${limit}) }}`;
    const { text } = run('duckdb', template, { names: { main } });
    expect(squeeze(text)).toBe(squeeze(recorded(`duckdb-first/run/${STAGING}/${name}.sql`)));
  });
});

describe.skipIf(!hasShared)('unit tests (skipped without ../shared)', () => {
  if (!hasShared) return;
  const visits = [
    ['visit_id', 'INTEGER'],
    ['door_id', 'INTEGER'],
    ['seen_at', 'TIMESTAMP'],
  ] as const;
  const customers = [
    ['customer_id', 'INTEGER'],
    ['customer_name', 'character varying(256)'],
    ['email', 'character varying(256)'],
    ['city', 'character varying(256)'],
    ['signed_up', 'DATE'],
    ['vip', 'BOOLEAN'],
  ] as const;
  const given = {
    stg_visits: [
      visits,
      [
        { visit_id: '1', door_id: '5' },
        { visit_id: '2', door_id: '5' },
      ],
    ],
    stg_customers: [
      customers,
      [
        { customer_id: 1, customer_name: 'A', city: 'X' },
        { customer_id: 2, customer_name: 'B' },
      ],
    ],
  } as const;
  for (const [name, [specs, rows]] of Object.entries(given)) {
    it(`given rows of ${name}, byte for byte`, () => {
      const self = relation(`shop.main_staging.${name}`);
      const { text } = run('duckdb', '{{ get_fixture_sql(rows) }}', {
        names: { rows, this: self, model: { name, resource_type: 'model' } },
        relations: { [self.toString()]: self },
        columns: { [self.toString()]: specs },
      });
      expect(text).toBe(recorded(`duckdb-first/compiled/${FIXTURES}/${name}.sql`));
    });
  }

  it('actual and expected rows', () => {
    const path = `${FIXTURES}/models/marts/incremental/customers_v2_counts_v2.sql`;
    const types = {
      customer_id: 'INTEGER',
      customer_name: 'character varying(256)',
      city: 'character varying(256)',
      orders: 'INTEGER',
    };
    const quoted = Object.fromEntries(Object.keys(types).map((name) => [name, `"${name}"`]));
    const rows = [
      { customer_id: '1', customer_name: 'A', city: 'X', orders: '3' },
      { customer_id: '2', customer_name: 'B', city: null, orders: '0' },
    ];
    const main = recorded(`duckdb-first/compiled/${path}`);
    const template =
      '{{ get_unit_test_sql(main, get_expected_sql(rows, types, quoted), quoted.values() | list) }}';
    const model = { name: 'customers_v2_counts', resource_type: 'unit_test' };
    const { text } = run('duckdb', template, { names: { main, rows, types, quoted, model } });
    expect(text).toBe(recorded(`duckdb-first/run/${path}`).trimStart());
  });

  it('names a column that does not exist', () => {
    const template = "{{ get_expected_sql([{'Nosuchcol': 1}], {'a': 'INTEGER', 'b': 'INTEGER'}, {}) }}";
    const names = { model: { name: 'settings_overrides', resource_type: 'unit_test' } };
    expect(() => run('duckdb', template, { names })).toThrow(
      "Invalid column name: 'nosuchcol' in unit test fixture for expected output.\n" +
        "Accepted columns for expected output are: ['a', 'b']",
    );
  });
});

/** What the strategy macros get: the model's table, its temporary table and its configs. */
function strategyScene(
  model: string,
  names: readonly string[],
  config: Readonly<Record<string, unknown>>,
  temporary = `"${model}__dbt_tmp<tmpid>"`,
): Scene {
  const args = {
    target_relation: relation(`shop.main.${model}`),
    temp_relation: relation('', 'table', temporary),
    unique_key: config['unique_key'] ?? null,
    dest_columns: columns(names.map((name) => [name, 'INTEGER'])),
    incremental_predicates: config['incremental_predicates'] ?? null,
  };
  return { config, names: { args, model: { config: { event_time: null } } } };
}

describe.skipIf(!hasShared)('incremental strategies (skipped without ../shared)', () => {
  if (!hasShared) return;
  const orders = ['order_id', 'customer_id', 'ordered_at', 'status', 'amount', 'first_seen_state'];
  const cases: readonly [model: string, strategy: string, Scene][] = [
    [
      'fct_orders',
      'merge',
      strategyScene('fct_orders', orders, {
        unique_key: 'order_id',
        merge_exclude_columns: ['first_seen_state'],
        incremental_predicates: ['DBT_INTERNAL_DEST.order_id > 0'],
      }),
    ],
    [
      'fct_orders_delins',
      'delete_insert',
      strategyScene('fct_orders_delins', ['order_id', 'sku', 'qty', 'loaded_in'], {
        unique_key: ['order_id', 'sku'],
      }),
    ],
    [
      'fct_orders_append',
      'append',
      strategyScene('fct_orders_append', ['order_id', 'status', 'loaded_in'], {}),
    ],
  ];
  for (const type of ADAPTERS) {
    for (const [model, strategy, scene] of cases) {
      it(`${type} ${model}: ${strategy}`, () => {
        const { text } = run(type, `{{ get_incremental_${strategy}_sql(args) }}`, scene);
        expect(squeeze(text)).toBe(squeeze(recorded(`${type}-second/run/${MARTS}/${model}.sql`)));
      });
    }
    it(`${type} osc_append: default with a key`, () => {
      const scene = strategyScene('osc_append', ['order_id', 'status'], { unique_key: 'order_id' });
      const { text } = run(type, '{{ get_incremental_delete_insert_sql(args) }}', scene);
      expect(squeeze(text)).toBe(squeeze(recorded(`${type}-second/run/${MARTS}/osc_append.sql`)));
    });
  }

  const daily = ['event_id', 'customer_id', 'kind', 'happened_at'];
  const batch = {
    event_time_start: '2024-01-09 00:00:00+00:00',
    event_time_end: '2024-01-10 00:00:00+00:00',
  };
  const temporary: Readonly<Record<Adapter, string>> = {
    duckdb: '"fct_events_daily__dbt_tmp_2024010920240110121212401900"',
    postgres: '"fct_events_daily__dbt_tmp_20240109120429759906"',
  };
  for (const type of ADAPTERS) {
    it(`${type} fct_events_daily: microbatch`, () => {
      const config = { unique_key: type === 'postgres' ? 'event_id' : null };
      const scene = strategyScene('fct_events_daily', daily, config, temporary[type]);
      const names = { ...scene.names, model: { config: { event_time: 'happened_at' }, batch } };
      const { text } = run(type, '{{ get_incremental_microbatch_sql(args) }}', { ...scene, names });
      const path = `${type}-second/run/${MARTS}/fct_events_daily/fct_events_daily_2024-01-09.sql`;
      expect(squeeze(text)).toBe(squeeze(recorded(path)));
    });
  }

  it('microbatch on DuckDB refuses a key', () => {
    const scene = strategyScene('fct_events_daily', daily, { unique_key: 'event_id' });
    expect(() => run('duckdb', '{{ get_incremental_microbatch_sql(args) }}', scene)).toThrow(
      "microbatch incremental strategy does not support 'unique_key'. Microbatch runs delete+insert " +
        "per batch based on 'event_time' and does not do key-based upserts. Remove 'unique_key' or " +
        "use incremental_strategy='merge'.",
    );
  });
});

const SNAPSHOTS = {
  customers_ts: {
    table: 'hist_customers_ts',
    strategy: 'timestamp',
    config: { unique_key: 'id', updated_at: 'updated_at', hard_deletes: 'new_record' },
  },
  customers_check: {
    table: 'hist_customers_check',
    strategy: 'check',
    config: {
      unique_key: ['id', 'tier'],
      check_cols: ['city', 'points'],
      hard_deletes: 'invalidate',
    },
  },
  customers_all: {
    table: 'customers_all_history',
    strategy: 'check',
    config: {
      unique_key: 'id',
      check_cols: 'all',
      dbt_valid_to_current: "cast('9999-12-31' as timestamp)",
      snapshot_meta_column_names: {
        dbt_valid_from: 'seen_from',
        dbt_valid_to: 'seen_to',
        dbt_scd_id: 'scd',
      },
    },
  },
} as const;

const SOURCE = 'select * from "shop"."main_staging"."snap_input"';
const INPUT = ['id', 'tier', 'city', 'points', 'updated_at'];

function snapshotScene(name: keyof typeof SNAPSHOTS): Scene {
  const { table, config } = SNAPSHOTS[name];
  const target = relation(`shop.main_snap.${table}`);
  const input = INPUT.map((column) => [column, 'INTEGER'] as const);
  return {
    config,
    names: {
      sql: SOURCE,
      this: target,
      target,
      temporary: relation('', 'table', `"${table}__dbt_tmp<tmpid>"`),
      node: { compiled_code: SOURCE },
    },
    columns: {
      [target.toString()]: input,
      [squeeze(SOURCE)]: input,
      [squeeze(`select city, points from (${SOURCE}) subq`)]: [
        ['city', 'VARCHAR'],
        ['points', 'INTEGER'],
      ],
    },
  };
}

/** The strategy of a snapshot in `strategy`, then a call. */
function withStrategy(name: keyof typeof SNAPSHOTS, exists: boolean, call: string): string {
  const { strategy } = SNAPSHOTS[name];
  return `{% set strategy = strategy_dispatch('${strategy}')(node, 'snapshotted_data', 'source_data', config, ${exists}) %}{{ ${call} }}`;
}

describe.skipIf(!hasShared)('snapshots (skipped without ../shared)', () => {
  if (!hasShared) return;
  const names = Object.keys(SNAPSHOTS) as (keyof typeof SNAPSHOTS)[];
  for (const type of ADAPTERS) {
    it.each(names)(`${type} %s: first state`, (name) => {
      const template = withStrategy(name, false, 'build_snapshot_table(strategy, sql)');
      const file = `${type}-first/run/shop/snapshots/_snapshots.yml/${name}.sql`;
      const { text } = run(type, template, snapshotScene(name));
      expect(squeeze(text)).toBe(squeeze(queryOf(recorded(file).trimEnd())));
    });

    it.each(names)(`${type} %s: what changed`, (name) => {
      const template = withStrategy(name, true, 'snapshot_staging_table(strategy, sql, target)');
      const file = `statements-${type}-snapshot-state2.json`;
      const statement = sent(file, `snapshot.shop.${name}`, 'create temporary table');
      const { text } = run(type, template, snapshotScene(name));
      expect(squeeze(text)).toBe(squeeze(queryOf(statement.trimEnd())));
    });

    it.each(names)(`${type} %s: merge`, (name) => {
      const config: { snapshot_meta_column_names?: Readonly<Record<string, string>> } =
        SNAPSHOTS[name].config;
      const added = ['dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to', 'dbt_scd_id']
        .map((column) => config.snapshot_meta_column_names?.[column] ?? column)
        .concat(name === 'customers_ts' ? ['dbt_is_deleted'] : []);
      const scene = snapshotScene(name);
      const columnNames = [...INPUT, ...added].map((column) => `"${column}"`);
      const { text } = run(type, '{{ snapshot_merge_sql(target, temporary, names) }}', {
        ...scene,
        names: { ...scene.names, names: columnNames },
      });
      const file = `${type}-second/run/shop/snapshots/_snapshots.yml/${name}.sql`;
      expect(squeeze(text)).toBe(squeeze(recorded(file)));
    });
  }

  it.each([
    ['timestamp', 'an updated_at'],
    ['check', 'a check_cols'],
  ])('%s strategy without its config', (strategy, wanted) => {
    const template = `{{ snapshot_${strategy}_strategy(none, 'a', 'b', config, false) }}`;
    expect(() => run('duckdb', template)).toThrow(
      `A snapshot configured with the ${strategy} strategy must specify ${wanted} configuration.`,
    );
  });
});

describe.skipIf(!hasShared)('seeds and functions (skipped without ../shared)', () => {
  if (!hasShared) return;
  it('a seed on DuckDB is copied from its file', () => {
    const model = {
      root_path: '<project>',
      original_file_path: 'seeds/country_codes.csv',
      config: { delimiter: ';' },
    };
    const names = { model, this: relation('shop.main_raw.countries') };
    const { statements } = run('duckdb', '{% do load_csv_rows(model, none) %}', { names });
    const file = 'statements-duckdb-seed.json';
    const copy = sent(file, 'seed.shop.country_codes', '\n          COPY').replace('...', '');
    expect(statements.map(squeeze)).toEqual([squeeze(copy)]);
  });

  it('a function on Postgres', () => {
    const model = {
      arguments: [{ name: 'gross', data_type: 'double precision' }],
      returns: { data_type: 'double precision' },
      compiled_code: 'select gross / 1.25',
      config: {},
    };
    const names = { model, target: relation('shop.main.net_price') };
    const { text } = run('postgres', '{{ scalar_function_sql(target) }}', { names });
    expect(squeeze(text)).toBe(
      squeeze(recorded('postgres-first/run/shop/functions/net_price.sql')),
    );
  });
});
