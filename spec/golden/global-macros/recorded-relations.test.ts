import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../../src/jinja/value.ts';
import { type Database, shopDatabase } from './database.ts';
import { duck, macrosFor, postgres } from './harness.ts';
import { hasRecords, readJson, readRecord, recordedStatements, SKIPPED } from './records.ts';

/** dbt describes a query on DuckDB; velo looks at its result without rows, which any engine can. */
const described = (sql: string | undefined) =>
  sql?.replace(/^select \* from \(\n([\s\S]*)\n\) as velo_columns limit 0$/, 'DESCRIBE ($1)');

const left = (sql: string | undefined) => sql?.trimStart();

describe.skipIf(!hasRecords)(`the text dbt ran ${SKIPPED}`, () => {
  interface Node {
    readonly columns: Readonly<Record<string, unknown>>;
    readonly constraints: readonly unknown[];
  }
  let database: Database;
  let nodes: Readonly<Record<string, Node>>;
  beforeAll(async () => {
    database = await shopDatabase();
    await database.run(`create schema shop.main_staging`);
    await database.run(`create table shop.main_staging.stg_items as
      select 1 as order_id, 1 as line, 'A' as sku, 1 as qty, 1 as unit_cents, 0.01 as unit_price`);
    await database.run(`create table shop.main_staging.stg_products as
      select 'A' as sku, 'First' as title, 'beans' as kind, 1.5 as price`);
    await database.run(`create table shop.main_staging.stg_orders as
      select 1 as order_id, 1 as customer_id, timestamp '2024-01-01' as ordered_at, 'done' as status`);
    await database.run(`create table shop.main_staging.stg_customers as
      select 1 as customer_id, 'Ann' as customer_name, 'Oslo' as city`);
    const manifest = readJson('artifacts/013-parse/manifest.json') as { nodes: typeof nodes };
    nodes = manifest.nodes;
  });
  afterAll(() => database?.close());

  const ENFORCED = { contract: { enforced: true } };
  const TYPED = { names: ['column_name', 'column_type'], rows: [['a', 'INTEGER']] };

  const settings = (sql: string, id: string) => ({
    ...(id.startsWith('model.') ? { config: ENFORCED } : {}),
    model: { sql, ...(id.startsWith('model.') ? nodes[id] : {}) },
  });
  const read = (adapter: string, kind: string, file: string) =>
    readRecord(`sql/${adapter}-first/${kind}/shop/models/${file}`);
  const create = (kind: string, schema: string, name: string) =>
    kind === 'view'
      ? `dbt.get_create_view_as_sql(relation('shop', '${schema}', '${name}', 'view'), model.sql)`
      : `dbt.get_create_table_as_sql(false, relation('shop', '${schema}', '${name}', 'table'), model.sql)`;

  it.each([
    ['view', 'main_staging', 'stg_items__dbt_tmp', 'staging/stg_items.sql', ''],
    [
      'view',
      'main',
      'dim_customers_old__dbt_tmp',
      'marts/dim_customers_v1.sql',
      'model.shop.dim_customers.v1',
    ],
    ['table', 'main', 'days__dbt_tmp', 'reports/days.sql', ''],
    [
      'table',
      'main',
      'dim_customers_v2__dbt_tmp',
      'marts/dim_customers.sql',
      'model.shop.dim_customers.v2',
    ],
    ['table', 'main', 'dim_products__dbt_tmp', 'marts/dim_products.sql', 'model.shop.dim_products'],
  ])('to create the %s %s.%s is ours', async (kind, schema, name, file, id) => {
    const onDuck = duck({ database, ...settings(read('duckdb', 'compiled', file), id) });
    expect(await onDuck.evaluate(create(kind, schema, name))).toBe(read('duckdb', 'run', file));
    const onPostgres = postgres({
      answers: [TYPED],
      ...settings(read('postgres', 'compiled', file), id),
    });
    expect(await onPostgres.evaluate(create(kind, schema, name))).toBe(
      read('postgres', 'run', file),
    );
  });

  it('to check a contract is ours', async () => {
    const sql = read('duckdb', 'compiled', 'marts/dim_customers_v1.sql');
    const macros = duck({ database, ...settings(sql, 'model.shop.dim_customers.v1') });
    await macros.evaluate('dbt.get_assert_columns_equivalent(model.sql)');
    const recorded = recordedStatements('duckdb-build-first');
    expect(macros.statements).toHaveLength(2);
    for (const statement of macros.statements) expect(recorded).toContain(described(statement));
  });

  it('to create and change a materialized view is ours', async () => {
    const sql = read('postgres', 'compiled', 'reports/mv_orders.sql');
    const indexes = [{ columns: ['customer_id'], unique: true }];
    const macros = postgres({ model: { sql }, config: { indexes } });
    const view = `relation('shop', 'main', 'mv_orders', 'materialized_view')`;
    const text = toText(
      await macros.evaluate(`dbt.get_create_materialized_view_as_sql(${view}, model.sql)`),
    );
    // The name of an index is new in every run.
    const unnamed = (s: string) => s.trim().replace(/"[0-9a-f]{32}"/, '<index>');
    expect(unnamed(text)).toBe(unnamed(read('postgres', 'run', 'reports/mv_orders.sql')));
    expect(left(toText(await macros.evaluate(`dbt.get_show_indexes_sql(${view})`)))).toBe(
      recordedStatements('postgres-mv-change')
        .find((s) => s.includes('pg_index ix'))
        ?.replace(/\n {2}$/, ''),
    );
    const replaced = toText(
      await macros.evaluate(`dbt.get_replace_sql(${view}, ${view}, model.sql)`),
    );
    const words = (s: string | undefined) =>
      s
        ?.replace(/"[0-9a-f]{32}"/, '')
        .split(/\s+/)
        .filter(Boolean);
    expect(words(replaced)).toEqual(
      words(
        recordedStatements('postgres-full-refresh').find((s) => s.includes('create materialized')),
      ),
    );
  });

  const SNAP = `relation('shop', 'main_staging', 'snap_input', 'view')`;
  const ITEMS = `relation('shop', 'main_staging', 'stg_items', 'table')`;
  // Each call sends exactly one statement, which the record holds.
  it.each([
    ['postgres-build-first', `dbt.list_schemas('shop')`],
    ['postgres-build-first', `dbt.create_schema(relation('shop', 'main', 't'))`],
    ['postgres-build-first', `dbt.list_relations_without_caching(relation('shop', 'main'))`],
    [
      'postgres-build-first',
      `dbt.drop_relation(relation('shop', 'main_staging', 'snap_input__dbt_backup', 'view'))`,
    ],
    [
      'postgres-build-first',
      `dbt.drop_relation(relation('shop', 'main', 'mv_orders__dbt_backup', 'materialized_view'))`,
    ],
    [
      'postgres-build-first',
      `dbt.rename_relation(relation('shop', 'main', 'rpt_versions__dbt_tmp', 'view'), relation('shop', 'main', 'rpt_versions'))`,
    ],
    [
      'postgres-build-second',
      `dbt.truncate_relation(relation('shop', 'main_raw', 'countries', 'table'))`,
    ],
    [
      'postgres-build-second',
      `dbt.get_columns_in_query('select * from "shop"."main_staging"."snap_input"')`,
    ],
    ['duckdb-build-first', `dbt.list_schemas('"shop"')`],
    ['duckdb-build-first', `dbt.list_relations_without_caching(relation('shop', 'main'))`],
    [
      'duckdb-build-first',
      `dbt.drop_relation(relation('shop', 'main_staging', 'snap_input__dbt_backup', 'view'))`,
    ],
    [
      'duckdb-build-first',
      `dbt.rename_relation(${SNAP}, relation('shop', 'main_staging', 'snap_input__dbt_backup', 'view'))`,
    ],
    [
      'duckdb-build-first',
      `dbt.rename_relation(relation('shop', 'main', 'days__dbt_tmp', 'table'), relation('shop', 'main', 'days', 'table'))`,
    ],
    [
      'duckdb-build-first',
      `dbt.drop_indexes_on_relation(relation('shop', 'main_staging', 'stg_products'))`,
    ],
    [
      'duckdb-build-first',
      `dbt.truncate_relation(relation('shop', 'main_raw', 'countries', 'table'))`,
    ],
    [
      'duckdb-build-second',
      `dbt.get_columns_in_query('select * from "shop"."main_staging"."snap_input"')`,
    ],
    ['duckdb-build-second', `dbt.get_columns_in_relation(relation('shop', 'main', 'osc_append'))`],
    ['duckdb-build-first', `dbt.get_snapshot_get_time_data_type()`],
    [
      'duckdb-build-first',
      `dbt.write_to_file(relation('shop', 'main', 'exp_orders__dbt_tmp'), 'exports/orders.csv', dbt.render_write_options({'format': 'csv'}))`,
    ],
  ])('in %s is what %s sends', async (record, call) => {
    const answer = { names: ['a'], rows: [] };
    const macros = record.startsWith('duckdb')
      ? duck({ answers: [answer] })
      : postgres({ answers: [answer] });
    await macros.evaluate(call);
    expect(macros.statements).toHaveLength(1);
    expect(recordedStatements(record)).toContain(described(left(macros.statements[0])));
  });

  it('to create a schema is ours', async () => {
    const macros = duck({ database });
    await macros.evaluate(`dbt.create_schema(relation('shop', 'main_staging', 't'))`);
    const recorded = recordedStatements('duckdb-build-first');
    expect(macros.statements.map(left).filter((sql) => !recorded.includes(sql ?? ''))).toEqual([]);
    expect(macros.statements).toHaveLength(2);
  });

  it('has our blanks before it, where a query comment follows instead of precedes', async () => {
    const recorded = recordedStatements('duckdb-query-comment');
    const answer = { names: ['type'], rows: [] };
    const orders = (name: string) => `relation('shop', 'main_staging', '${name}', 'view')`;
    for (const [call, node, count] of [
      [`dbt.list_schemas('"shop"')`, 'no node', 1],
      [`dbt.create_schema(relation('shop', 'main_staging'))`, 'no node', 2],
      [`dbt.list_relations_without_caching(relation('shop', 'main_raw'))`, 'no node', 1],
      [`dbt.drop_relation(${orders('stg_orders__dbt_backup')})`, 'model.shop.stg_orders', 1],
      [
        `dbt.rename_relation(${orders('stg_orders')}, ${orders('stg_orders__dbt_backup')})`,
        'model.shop.stg_orders',
        1,
      ],
    ] as const) {
      const macros = duck({ answers: [answer] });
      await macros.evaluate(call);
      expect(macros.statements).toHaveLength(count);
      for (const sql of macros.statements) {
        expect(recorded).toContain(`${sql.trimEnd()}\n/* duck ${node} */`);
      }
    }
  });

  it.each(['duckdb', 'postgres'] as const)(
    'to comment on columns of %s is ours',
    async (adapter) => {
      const columns = {
        status: { description: "Order's state" },
        item_rows: { description: 'How many rows' },
      };
      const macros = macrosFor(adapter, {
        model: { columns },
        answers: [
          { to: 'duckdb_columns', names: ['name'], rows: [['status'], ['item_rows']] },
          { names: [], rows: [] },
        ],
      });
      const recorded = recordedStatements(`${adapter}-build-first`);
      await macros.evaluate(
        `run_query(dbt.alter_column_comment(relation('shop', 'main', 'rpt_revenue', 'table'), model.columns))`,
      );
      expect(recorded).toContain(left(macros.statements.at(-1)));
      const description =
        'The **products** we sell.\n\n| kind | meaning |\n|------|---------|\n| beans | coffee |';
      const products = macrosFor(adapter, {
        model: { description },
        answers: [{ names: [], rows: [] }],
      });
      await products.evaluate(
        `run_query(dbt.alter_relation_comment(relation('shop', 'main_raw', 'raw_products', 'table'), model.description))`,
      );
      expect(recorded).toContain(left(products.statements[0]));
    },
  );

  it('to add, drop and alter columns is ours', async () => {
    const answer = { names: [], rows: [] };
    const sent = async (adapter: 'duckdb' | 'postgres', call: string) => {
      const macros = macrosFor(adapter, { answers: [answer] });
      await macros.evaluate(call);
      return macros.statements.map(left);
    };
    const osc = (name: string) => `relation('shop', 'main', '${name}', 'table')`;
    const on = {
      duckdb: recordedStatements('duckdb-schema-change'),
      postgres: recordedStatements('postgres-schema-change'),
    };
    const added = `dbt.alter_relation_add_remove_columns(${osc('osc_append')}, [api.Column('store_id', 'TYPE')])`;
    const both = `dbt.alter_relation_add_remove_columns(${osc('osc_sync')}, [api.Column('store_id', 'TYPE')], [api.Column('status', 'text')])`;
    const altered = (type: string) =>
      `dbt.alter_column_type(${osc('osc_sync')}, 'customer_id', '${type}')`;
    const wanted = [
      await sent('duckdb', added.replace('TYPE', 'INTEGER')),
      await sent('duckdb', both.replace('TYPE', 'INTEGER')),
      // velo's own for DuckDB is another: DuckDB 1.5 refuses dbt's within one transaction.
      await sent('duckdb', altered('character varying(256)').replace('.', '.default__')),
    ].flat();
    expect(wanted).toHaveLength(4);
    expect(wanted.filter((sql) => !on.duckdb.includes(sql ?? ''))).toEqual([]);
    const onPostgres = [
      await sent('postgres', added.replace('TYPE', 'integer')),
      await sent('postgres', both.replace('TYPE', 'integer')),
      await sent('postgres', altered('character varying(9)')),
    ].flat();
    expect(onPostgres.filter((sql) => !on.postgres.includes(sql ?? ''))).toEqual([]);
  });

  it('to name temporary relations is ours', async () => {
    const base = `relation('shop', 'main', 'fct_events_daily', 'table')`;
    const stamped = /^"fct_events_daily__dbt_tmp_20240106\d+"$/;
    const call = `dbt.make_temp_relation(${base}, '__dbt_tmp_20240106') ~ ''`;
    expect(await duck().evaluate(call)).toMatch(stamped);
    expect(await postgres().evaluate(call)).toMatch(stamped);
    expect(
      await duck().evaluate(`dbt.duckdb__dispatch_temporary_relation(${base}, '20240106') ~ ''`),
    ).toMatch(stamped);
    expect(await postgres().evaluate(`dbt.make_backup_relation(${base}, 'view') ~ ''`)).toBe(
      '"shop"."main"."fct_events_daily__dbt_backup"',
    );
    expect(await duck().evaluate(`dbt.make_intermediate_relation(${ITEMS}) ~ ''`)).toBe(
      '"shop"."main_staging"."stg_items__dbt_tmp"',
    );
  });
});
