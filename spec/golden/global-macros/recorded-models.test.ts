import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, shopDatabase } from './database.ts';
import { ADAPTERS, columns, relation, run, type Scene, squeeze } from './harness.ts';
import { hasRecords, recorded, sent } from './records.ts';

const MARTS = 'shop/models/marts/incremental';

/** The query of a `create table … as ( query );`. */
function queryOf(statement: string): string {
  return /\bas\s*\(([\s\S]*)\);\s*$/.exec(statement)?.[1] ?? '';
}

/** What the strategy macros get: the model's table, its temporary table and its configs. */
function strategyScene(
  model: string,
  names: readonly string[],
  config: Readonly<Record<string, unknown>>,
  temporary = `${model}__dbt_tmp<tmpid>`,
): Scene {
  const args = {
    target_relation: relation(`shop.main.${model}`),
    temp_relation: relation(temporary),
    unique_key: config['unique_key'] ?? null,
    dest_columns: columns(names.map((name) => [name, 'INTEGER'])),
    incremental_predicates: config['incremental_predicates'] ?? null,
  };
  return { config, names: { args } };
}

describe.skipIf(!hasRecords)('incremental strategies (skipped without ../shared)', () => {
  if (!hasRecords) return;
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
      it(`${type} ${model}: ${strategy}`, async () => {
        const { text } = await run(type, `{{ get_incremental_${strategy}_sql(args) }}`, scene);
        expect(squeeze(text)).toBe(squeeze(recorded(`${type}-second/run/${MARTS}/${model}.sql`)));
      });
    }
    it(`${type} osc_append: default with a key`, async () => {
      const scene = strategyScene('osc_append', ['order_id', 'status'], { unique_key: 'order_id' });
      const { text } = await run(type, '{{ get_incremental_delete_insert_sql(args) }}', scene);
      expect(squeeze(text)).toBe(squeeze(recorded(`${type}-second/run/${MARTS}/osc_append.sql`)));
    });
  }

  const daily = ['event_id', 'customer_id', 'kind', 'happened_at'];
  const batch = {
    event_time_start: '2024-01-09 00:00:00+00:00',
    event_time_end: '2024-01-10 00:00:00+00:00',
  };
  const temporary: Readonly<Record<(typeof ADAPTERS)[number], string>> = {
    duckdb: 'fct_events_daily__dbt_tmp_2024010920240110121212401900',
    postgres: 'fct_events_daily__dbt_tmp_20240109120429759906',
  };
  for (const type of ADAPTERS) {
    it(`${type} fct_events_daily: microbatch`, async () => {
      const unique_key = type === 'postgres' ? 'event_id' : null;
      const config = { event_time: 'happened_at', unique_key };
      const scene = strategyScene('fct_events_daily', daily, config, temporary[type]);
      const { text } = await run(type, '{{ get_incremental_microbatch_sql(args) }}', {
        ...scene,
        model: { batch },
      });
      const path = `${type}-second/run/${MARTS}/fct_events_daily/fct_events_daily_2024-01-09.sql`;
      expect(squeeze(text)).toBe(squeeze(recorded(path)));
    });
  }

  it('microbatch on DuckDB refuses a key', async () => {
    const scene = strategyScene('fct_events_daily', daily, { unique_key: 'event_id' });
    await expect(
      run('duckdb', '{{ get_incremental_microbatch_sql(args) }}', scene),
    ).rejects.toThrow(
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

let database: Database;

function snapshotScene(name: keyof typeof SNAPSHOTS): Scene {
  const { table, config } = SNAPSHOTS[name];
  const target = relation(`shop.main_snap.${table}`);
  return {
    config,
    database,
    this: target,
    names: {
      sql: SOURCE,
      target,
      temporary: relation(`${table}__dbt_tmp<tmpid>`),
      node: { compiled_code: SOURCE },
    },
  };
}

/** The strategy of a snapshot in `strategy`, then a call. */
function withStrategy(name: keyof typeof SNAPSHOTS, exists: boolean, call: string): string {
  const { strategy } = SNAPSHOTS[name];
  return `{% set strategy = strategy_dispatch('${strategy}')(node, 'snapshotted_data', 'source_data', config, ${exists}) %}{{ ${call} }}`;
}

describe.skipIf(!hasRecords)('snapshots (skipped without ../shared)', () => {
  if (!hasRecords) return;
  beforeAll(async () => {
    database = await shopDatabase();
    await database.run('create schema main_staging; create schema main_snap');
    const input = INPUT.map((column) => `${column} integer`).join(', ');
    await database.run(`create table main_staging.snap_input (${input})`);
    for (const { table } of Object.values(SNAPSHOTS)) {
      await database.run(`create table main_snap.${table} (${input})`);
    }
  });
  afterAll(() => database.close());
  const names = Object.keys(SNAPSHOTS) as (keyof typeof SNAPSHOTS)[];
  for (const type of ADAPTERS) {
    it.each(names)(`${type} %s: first state`, async (name) => {
      const template = withStrategy(name, false, 'build_snapshot_table(strategy, sql)');
      const file = `${type}-first/run/shop/snapshots/_snapshots.yml/${name}.sql`;
      const { text } = await run(type, template, snapshotScene(name));
      expect(squeeze(text)).toBe(squeeze(queryOf(recorded(file).trimEnd())));
    });

    it.each(names)(`${type} %s: what changed`, async (name) => {
      const template = withStrategy(name, true, 'snapshot_staging_table(strategy, sql, target)');
      const file = `${type}-snapshot-state2`;
      const statement = sent(file, `snapshot.shop.${name}`, 'create temporary table');
      const { text } = await run(type, template, snapshotScene(name));
      expect(squeeze(text)).toBe(squeeze(queryOf(statement.trimEnd())));
    });

    it.each(names)(`${type} %s: merge`, async (name) => {
      const renamed: Readonly<Record<string, string>> =
        'snapshot_meta_column_names' in SNAPSHOTS[name].config
          ? SNAPSHOTS[name].config.snapshot_meta_column_names
          : {};
      const added = ['dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to', 'dbt_scd_id']
        .map((column) => renamed[column] ?? column)
        .concat(name === 'customers_ts' ? ['dbt_is_deleted'] : []);
      const scene = snapshotScene(name);
      const columnNames = [...INPUT, ...added].map((column) => `"${column}"`);
      const { text } = await run(type, '{{ snapshot_merge_sql(target, temporary, names) }}', {
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
  ])('%s strategy without its config', async (strategy, wanted) => {
    const template = `{{ snapshot_${strategy}_strategy(none, 'a', 'b', config, false) }}`;
    await expect(run('duckdb', template)).rejects.toThrow(
      `A snapshot configured with the ${strategy} strategy must specify ${wanted} configuration.`,
    );
  });
});

describe.skipIf(!hasRecords)('seeds and functions (skipped without ../shared)', () => {
  if (!hasRecords) return;
  it('a seed on DuckDB is copied from its file', async () => {
    const model = {
      root_path: '<project>',
      original_file_path: 'seeds/country_codes.csv',
      config: { delimiter: ';' },
    };
    const scene = { model, this: relation('shop.main_raw.countries') };
    const { statements } = await run('duckdb', '{% do load_csv_rows(model, none) %}', scene);
    const file = 'duckdb-seed';
    const copy = sent(file, 'seed.shop.country_codes', '\n          COPY').replace('...', '');
    expect(statements.map(squeeze)).toEqual([squeeze(copy)]);
  });

  it('a function on Postgres', async () => {
    const model = {
      arguments: [{ name: 'gross', data_type: 'double precision' }],
      returns: { data_type: 'double precision' },
      compiled_code: 'select gross / 1.25',
      config: {},
    };
    const names = { target: relation('shop.main.net_price') };
    const { text } = await run('postgres', '{{ scalar_function_sql(target) }}', { model, names });
    expect(squeeze(text)).toBe(
      squeeze(recorded('postgres-first/run/shop/functions/net_price.sql')),
    );
  });
});
