import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { toPlain, toText } from '../../src/jinja/value.ts';
import {
  type HarnessSettings,
  MACROS_FOLDER,
  macroHarness,
  packageMacros,
  shopDatabase,
  values,
} from './global-macros-a-harness.ts';

const DBT = new URL('../../../shared/reference/dbt/', import.meta.url);
const SKIPPED = '(skipped without ../shared)';
const PACKAGES = ['dbt', 'dbt_duckdb', 'dbt_postgres'] as const;
const SHARE =
  /^(utils|adapters|etc|get_custom_name|relations)\b|^(catalog|columns|persist_docs|timestamps)\.sql$/;

interface RecordedMacro {
  readonly kind: string;
  readonly args?: readonly { readonly name: string; readonly default?: string }[] | null;
  readonly file: string;
}

const readRecord = (path: string) => readFileSync(new URL(path, DBT), 'utf8');

const readJson = (path: string): unknown => JSON.parse(readRecord(path));

const duck = (settings: Omit<HarnessSettings, 'adapter'> = {}) =>
  macroHarness({ adapter: 'duckdb', ...settings });

const postgres = (settings: Omit<HarnessSettings, 'adapter'> = {}) =>
  macroHarness({ adapter: 'postgres', ...settings });

describe.skipIf(!existsSync(DBT))(`dbt's macros by name ${SKIPPED}`, () => {
  const leftOut = JSON.parse(readFileSync(`${MACROS_FOLDER}left-out-a.json`, 'utf8')) as Record<
    string,
    Record<string, string>
  >;

  it.each(PACKAGES)('of %s are there with the same file, kind and arguments', (packageName) => {
    const recorded = readJson('macros.json') as Record<string, Record<string, RecordedMacro>>;
    const ours = packageMacros(packageName);
    const signatures = (list: [string, { kind: string; file: string; signature: string }][]) =>
      Object.fromEntries(list);
    const wanted = Object.entries(recorded[packageName] ?? {})
      .map(
        ([name, macro]) => [name, { ...macro, file: macro.file.replace(/^macros\//, '') }] as const,
      )
      .filter(([name, { file }]) => SHARE.test(file) && !leftOut[packageName]?.[name])
      .map(
        ([name, { kind, file, args }]): [
          string,
          { kind: string; file: string; signature: string },
        ] => {
          const parameters = (args ?? []).map((a) =>
            a.default === undefined ? a.name : `${a.name}=${a.default}`,
          );
          return [name, { kind, file, signature: `${name}(${parameters.join(', ')})` }];
        },
      );
    const found = wanted.flatMap(([name]): typeof wanted => {
      const entry = ours.get(name);
      if (!entry) return [];
      const { macro, file } = entry;
      const signature = /^\{%-?\s*macro\s+(.*?)\s*-?%\}/s.exec(macro.text)?.[1] ?? '';
      return [[name, { kind: macro.kind, file, signature }]];
    });
    expect(signatures(found)).toEqual(signatures(wanted));
    expect(wanted.length).toBeGreaterThan(40);
  });

  it('are left out only where they exist in dbt, with a reason', () => {
    const recorded = readJson('macros.json') as Record<string, Record<string, RecordedMacro>>;
    for (const [packageName, macros] of Object.entries(leftOut)) {
      for (const [name, reason] of Object.entries(macros)) {
        expect(recorded[packageName]).toHaveProperty(name);
        expect(packageMacros(packageName).has(name)).toBe(false);
        expect(reason).toMatch(/\w{4,}.* \w+/);
      }
    }
  });
});

const CROSS = `dbt.dateadd('day', 1, 'x') ~ ' | ' ~ dbt.datediff('a', 'b', 'hour') ~ ' | ' ~ dbt.hash('x') ~ ' | ' ~ dbt.safe_cast('x', 'int') ~ ' | ' ~ dbt.type_string() ~ ' | ' ~ dbt.concat(['a', 'b']) ~ ' | ' ~ dbt.listagg('x', "','") ~ ' | ' ~ dbt.split_part('x', "'-'", 2) ~ ' | ' ~ dbt.date_trunc('month', 'x') ~ ' | ' ~ dbt.last_day('x', 'month') ~ ' | ' ~ dbt.current_timestamp()`;

describe.skipIf(!existsSync(DBT))(
  `the text dbt logged for cross-database macros ${SKIPPED}`,
  () => {
    const logged = (record: string) =>
      /HH:MM:SS {2}cross (.*?)\nHH:MM:SS/s.exec(readRecord(`invocations/${record}`))?.[1];

    it('is ours on DuckDB', async () => {
      expect(await duck().evaluate(CROSS)).toBe(logged('092-op-inspect.txt'));
    });

    it('is ours on PostgreSQL', async () => {
      expect(await postgres().evaluate(CROSS)).toBe(logged('335-pg-inspect.txt'));
    });
  },
);

describe('cross-database macros, run by DuckDB', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await shopDatabase();
  });

  async function result(expression: string) {
    const sql = toText(await duck({ connection }).evaluate(expression));
    const [value] = await values(connection, `select (${sql})::varchar`);
    return value;
  }

  it.each([
    [`dbt.dateadd('day', -1, "date '2024-03-01'")`, '2024-02-29 00:00:00'],
    [`dbt.dateadd('month', 1, "timestamp '2024-01-31 10:00:00'")`, '2024-02-29 10:00:00'],
    [`dbt.dateadd('quarter', 2, "date '2024-01-15'")`, '2024-07-15 00:00:00'],
    [`dbt.dateadd('hour', '1 + 1', "timestamp '2024-01-01 23:00:00'")`, '2024-01-02 01:00:00'],
    [`dbt.date_trunc('month', "timestamp '2024-02-29 10:00:00'")`, '2024-02-01 00:00:00'],
    [`dbt.date_trunc('week', "timestamp '2024-01-07 10:00:00'")`, '2024-01-01 00:00:00'],
    [`dbt.last_day("date '2024-02-10'", 'month')`, '2024-02-29'],
    [`dbt.last_day("date '2024-05-10'", 'quarter')`, '2024-06-30'],
    [`dbt.last_day("date '2023-05-10'", 'year')`, '2023-12-31'],
    [`dbt.date(2024, 2, 9)`, '2024-02-09'],
    [`dbt.split_part("'a-b-c'", "'-'", 1)`, 'a'],
    [`dbt.split_part("'a-b-c'", "'-'", -1)`, 'c'],
    [`dbt.split_part("'a-b-c'", "'-'", -3)`, 'a'],
    [`dbt._split_part_negative("'a::b::c'", "'::'", -2)`, 'b'],
    [`dbt.default__split_part("'a-b-c'", "'-'", -1)`, 'c'],
    [`dbt.hash("'abc'")`, '900150983cd24fb0d6963f7d28e17f72'],
    [`dbt.safe_cast("'12'", dbt.type_int())`, '12'],
    [`dbt.cast("'2024-01-01'", 'date')`, '2024-01-01'],
    [`dbt.cast_bool_to_text('1 = 1')`, 'true'],
    [`dbt.concat(["'a'", "'b'", "'c'"])`, 'abc'],
    [`dbt.position("'c'", "'abcd'")`, '3'],
    [`dbt.right("'abcde'", 2)`, 'de'],
    [`dbt.length("'abcde'")`, '5'],
    [`dbt.replace("'banana'", "'an'", "'o'")`, 'booa'],
    [`dbt.array_construct([1, 2])`, '[1, 2]'],
    [`dbt.array_construct()`, '[]'],
    [`dbt.array_append(dbt.array_construct([1]), 7)`, '[1, 7]'],
    [`dbt.array_concat('[1]', '[2, 3]')`, '[1, 2, 3]'],
    [`dbt.string_literal('a b')`, 'a b'],
    [`dbt.string_literal(dbt.escape_single_quotes("it's"))`, "it's"],
    [`dbt.equals('null', 'null')`, 'true'],
    [`dbt.equals('1', 'null')`, 'false'],
    [`dbt.equals('1', '1')`, 'true'],
    [`'select * from (select 1 as a ' ~ dbt.except() ~ ' select 2)'`, '1'],
    [`'select * from (select 1 as a ' ~ dbt.intersect() ~ ' select 1)'`, '1'],
    [`'select ' ~ dbt.bool_or('x > 2') ~ ' from (values (1), (3)) t(x)'`, 'true'],
    [`'select ' ~ dbt.any_value('x') ~ ' from (values (4), (4)) t(x)'`, '4'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_numeric()) ~ ')'`, 'DECIMAL(28,6)'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_bigint()) ~ ')'`, 'BIGINT'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_boolean()) ~ ')'`, 'BOOLEAN'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_timestamp()) ~ ')'`, 'TIMESTAMP'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_float()) ~ ')'`, 'FLOAT'],
    [`"(date '2024-01-01')::timestamp <= " ~ dbt.current_timestamp() ~ "::timestamp"`, 'true'],
    [`dbt.duckdb__snapshot_string_as_time('2024-01-01 10:00')`, '2024-01-01 10:00:00'],
    [`'typeof(' ~ dbt.snapshot_get_time() ~ ')'`, 'TIMESTAMP'],
  ])('%s is %s', async (expression, expected) => {
    expect(await result(expression)).toBe(expected);
  });

  const FROM = "timestamp '2023-12-31 23:59:58.5'";
  const TO = "timestamp '2024-02-05 01:02:03'";
  // Boundaries crossed between Sunday 31 December, 23:59:58.5 and Monday 5 February, 01:02:03.
  it.each([
    ['year', 1],
    ['quarter', 1],
    ['month', 2],
    ['week', 5],
    ['day', 36],
    ['hour', 36 * 24 - 22],
    ['minute', (36 * 24 - 22) * 60 + 2 - 59],
    ['second', ((36 * 24 - 22) * 60 + 2 - 59) * 60 + 3 - 58],
    ['millisecond', (((36 * 24 - 22) * 60 + 2 - 59) * 60 + 3 - 58) * 1000 - 500],
  ])('datediff counts %s: %d', async (part, expected) => {
    expect(await result(`dbt.datediff("${FROM}", "${TO}", '${part}')`)).toBe(String(expected));
    expect(await result(`dbt.datediff("${TO}", "${FROM}", '${part}')`)).toBe(String(-expected));
  });

  it('datediff begins weeks on Sunday', async () => {
    const weeks = (from: string, to: string) =>
      result(`dbt.datediff("date '${from}'", "date '${to}'", 'week')`);
    expect(await weeks('2024-01-06', '2024-01-07')).toBe('1');
    expect(await weeks('2024-01-07', '2024-01-13')).toBe('0');
    expect(await weeks('2024-01-10', '2024-01-06')).toBe('-1');
    expect(await weeks('2024-01-10', '2024-01-03')).toBe('-1');
  });

  it.each([
    [`dbt.listagg('x', "','", 'order by x desc')`, 'c,b,a'],
    [`dbt.listagg('x', "', '", 'order by x', 2)`, 'a, b'],
    [`dbt.listagg('x', "'|'", none, 3)`, 'b|a|c'],
  ])('%s is %s', async (expression, expected) => {
    const sql = toText(await duck().evaluate(expression));
    expect(
      await values(connection, `select ${sql} from (values ('b'), ('a'), ('c')) t(x)`),
    ).toEqual([expected]);
  });

  it('generate_series counts from 1, in any dialect', async () => {
    for (const name of ['generate_series', 'default__generate_series']) {
      for (const bound of [1, 2, 5]) {
        const sql = toText(await duck().evaluate(`dbt.${name}(${bound})`));
        const numbers = await values(
          connection,
          `select generated_number::int from (${sql}) order by 1`,
        );
        expect(numbers).toEqual([1, 2, 3, 4, 5].slice(0, bound));
      }
    }
    expect(await duck().evaluate('dbt.get_powers_of_two(1)')).toBe(1);
    expect(await duck().evaluate('dbt.get_powers_of_two(8)')).toBe(3);
    expect(await duck().evaluate('dbt.get_powers_of_two(9)')).toBe(4);
    await expect(duck().evaluate('dbt.generate_series(0)')).resolves.toContain('(1, 0)');
    await expect(duck().evaluate('dbt.get_powers_of_two(0)')).rejects.toThrow('must be positive');
  });

  it.each([
    ['day', '2024-02-28', '2024-03-02', ['2024-02-28', '2024-02-29', '2024-03-01']],
    ['month', '2024-01-15', '2024-03-20', ['2024-01-15', '2024-02-15']],
    ['week', '2024-01-01', '2024-01-15', ['2024-01-01', '2024-01-08']],
  ])('date_spine of a %s from %s to before %s', async (part, from, to, expected) => {
    const spine = `dbt.date_spine('${part}', "date '${from}'", "date '${to}'")`;
    const sql = toText(await duck({ connection }).evaluate(spine));
    const days = await values(
      connection,
      `select date_${part}::date::varchar from (${sql}) order by 1`,
    );
    expect(days).toEqual(expected);
  });
});

describe('names of nodes', () => {
  it.each([
    [`dbt.generate_schema_name(none, {})`, 'main'],
    [`dbt.generate_schema_name(' mart ', {})`, 'main_mart'],
    [`dbt.generate_schema_name_for_env('mart', {})`, 'main'],
    [`dbt.generate_database_name(none, {})`, 'shop'],
    [`dbt.generate_database_name(' other ', {})`, 'other'],
    [`dbt.generate_alias_name(none, {'name': 'm'})`, 'm'],
    [`dbt.generate_alias_name(' a ', {'name': 'm'})`, 'a'],
    [`dbt.generate_alias_name(none, {'name': 'm', 'version': 1.5})`, 'm_v1_5'],
    [`dbt.generate_latest_version_pointer_alias(none, {'name': 'm', 'version': 2})`, 'm'],
  ])('%s is %s', async (expression, expected) => {
    expect(await duck().evaluate(expression)).toBe(expected);
  });

  it('leave the target schema alone in production', async () => {
    const prod = duck({ target: { name: 'prod', schema: 'main' } });
    expect(await prod.evaluate(`dbt.generate_schema_name_for_env('mart', {})`)).toBe('mart');
  });
});

/** The statements of a recorded run, without their leading blanks, as the record has them. */
function recordedStatements(name: string): string[] {
  const records = readJson(`sql/statements-${name}.json`) as { readonly sql?: string }[];
  return records.flatMap(({ sql }) => (sql === undefined ? [] : [sql]));
}

const left = (sql: string | undefined) => sql?.trimStart();

const TABLE = `relation('shop', 'main', 't', 'table')`;

describe.skipIf(!existsSync(DBT))(`the text dbt ran ${SKIPPED}`, () => {
  interface Node {
    readonly columns: Readonly<Record<string, unknown>>;
    readonly constraints: readonly unknown[];
  }
  let connection: DuckDBConnection;
  let nodes: Readonly<Record<string, Node>>;
  beforeAll(async () => {
    connection = await shopDatabase();
    await connection.run(`create schema shop.main_staging`);
    await connection.run(`create table shop.main_staging.stg_items as
      select 1 as order_id, 1 as line, 'A' as sku, 1 as qty, 1 as unit_cents, 0.01 as unit_price`);
    await connection.run(`create table shop.main_staging.stg_products as
      select 'A' as sku, 'First' as title, 'beans' as kind, 1.5 as price`);
    await connection.run(`create table shop.main_staging.stg_orders as
      select 1 as order_id, 1 as customer_id, timestamp '2024-01-01' as ordered_at, 'done' as status`);
    await connection.run(`create table shop.main_staging.stg_customers as
      select 1 as customer_id, 'Ann' as customer_name, 'Oslo' as city`);
    const manifest = readJson('artifacts/013-parse/manifest.json') as { nodes: typeof nodes };
    nodes = manifest.nodes;
  });

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
    const onDuck = duck({ connection, ...settings(read('duckdb', 'compiled', file), id) });
    expect(await onDuck.evaluate(create(kind, schema, name))).toBe(read('duckdb', 'run', file));
    const onPostgres = postgres({
      answer: TYPED,
      ...settings(read('postgres', 'compiled', file), id),
    });
    expect(await onPostgres.evaluate(create(kind, schema, name))).toBe(
      read('postgres', 'run', file),
    );
  });

  it('to check a contract is ours', async () => {
    const sql = read('duckdb', 'compiled', 'marts/dim_customers_v1.sql');
    const macros = duck({ connection, ...settings(sql, 'model.shop.dim_customers.v1') });
    await macros.evaluate('dbt.get_assert_columns_equivalent(model.sql)');
    const recorded = recordedStatements('duckdb-build-first');
    expect(macros.statements).toHaveLength(2);
    for (const statement of macros.statements) expect(recorded).toContain(statement);
  });

  it('to create and change a materialized view is ours', async () => {
    const sql = read('postgres', 'compiled', 'reports/mv_orders.sql');
    const indexes = [{ columns: ['customer_id'], unique: true }];
    const macros = postgres({ model: { sql }, config: { indexes } });
    const view = `relation('shop', 'main', 'mv_orders', 'materialized_view')`;
    const text = toText(
      await macros.evaluate(`dbt.get_create_materialized_view_as_sql(${view}, model.sql)`),
    );
    expect(text.trim()).toBe(read('postgres', 'run', 'reports/mv_orders.sql').trim());
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
    const macros = record.startsWith('duckdb') ? duck({ answer }) : postgres({ answer });
    await macros.evaluate(call);
    expect(macros.statements).toHaveLength(1);
    expect(recordedStatements(record)).toContain(left(macros.statements[0]));
  });

  it('to create a schema is ours', async () => {
    const macros = duck({ connection });
    await macros.evaluate(`dbt.create_schema(relation('shop', 'main_staging', 't'))`);
    const recorded = recordedStatements('duckdb-build-first');
    expect(macros.statements.map(left).filter((sql) => !recorded.includes(sql ?? ''))).toEqual([]);
    expect(macros.statements).toHaveLength(2);
  });

  it.each(['duckdb', 'postgres'] as const)(
    'to comment on columns of %s is ours',
    async (adapter) => {
      const columns = {
        status: { description: "Order's state" },
        item_rows: { description: 'How many rows' },
      };
      const macros = macroHarness({
        adapter,
        model: { columns },
        answer: { names: ['column_name'], rows: [['status'], ['item_rows']] },
      });
      const recorded = recordedStatements(`${adapter}-build-first`);
      await macros.evaluate(
        `run_query(dbt.alter_column_comment(relation('shop', 'main', 'rpt_revenue', 'table'), model.columns))`,
      );
      expect(recorded).toContain(left(macros.statements.at(-1)));
      const description =
        'The **products** we sell.\n\n| kind | meaning |\n|------|---------|\n| beans | coffee |';
      const products = macroHarness({
        adapter,
        model: { description },
        answer: { names: [], rows: [] },
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
      const macros = macroHarness({ adapter, answer });
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
      await sent('duckdb', altered('character varying(256)')),
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

describe('macros that speak with the database, on DuckDB', () => {
  let connection: DuckDBConnection;
  const sql = (text: string) => values(connection, text);
  beforeAll(async () => {
    connection = await shopDatabase();
    await connection.run('create schema main_staging');
  });
  const evaluate = async (expression: string, settings: Omit<HarnessSettings, 'adapter'> = {}) =>
    toPlain(await duck({ connection, ...settings }).evaluate(expression));
  const rows = (table: string) =>
    `${table}.rows[0][0] ~ '|' ~ ${table}.rows[0][1] ~ '|' ~ ${table}.column_names | join(',')`;

  it('run_query returns the table of its query', async () => {
    expect(await evaluate(rows(`run_query("select 1 as a, 'x' as b")`))).toBe('1|x|a,b');
  });

  it('a schema is created, found and dropped with what it holds', async () => {
    const found = `run_query("select 1").rows and (dbt.list_schemas('shop').columns[0].values() | sort | join(','))`;
    await evaluate(`dbt.create_schema(relation('shop', 'fresh', 't'))`);
    await connection.run('create table fresh.t as select 1 as a');
    expect(await evaluate(found)).toContain('fresh');
    const exists = `dbt.check_schema_exists(relation('shop', 'fresh'), 'FRESH').rows[0][0] | int`;
    expect(await evaluate(exists)).toBe(1);
    await evaluate(`dbt.drop_schema_named('fresh')`);
    expect(await evaluate(exists)).toBe(0);
  });

  it('tables and views are made, listed, renamed and dropped', async () => {
    const view = `relation('shop', 'main_staging', 'v', 'view')`;
    await connection.run(
      toText(await evaluate(`dbt.get_create_view_as_sql(${view}, 'select 1 as a')`)),
    );
    const table = `relation('shop', 'main_staging', 't', 'table')`;
    await connection.run(
      toText(
        await evaluate(`dbt.get_create_table_as_sql(false, ${table}, "select 1 as a, 'x' as b")`),
      ),
    );
    const listed = `dbt.list_relations_without_caching(relation('shop', 'MAIN_STAGING'))`;
    expect(await evaluate(`${listed}.columns[1].values() | sort | join(',')`)).toBe('t,v');
    expect(await evaluate(`${listed}.columns[3].values() | sort | join(',')`)).toBe('table,view');
    expect(await evaluate(`dbt.get_columns_in_relation(${table}) | join(' ')`)).toBe(
      '<Column a (INTEGER)> <Column b (VARCHAR)>',
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
    await connection.run(`create table main_staging.c as select '7' as a, 1 as b`);
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
    await expect(check("select 'x' as id")).rejects.toThrow('id VARCHAR');
    await expect(check('select 1 as id, 2 as more')).rejects.toThrow('raise_contract_error');
    const untyped = { ...settings, model: { columns: { id: { name: 'id' } } } };
    await expect(
      evaluate('dbt.get_assert_columns_equivalent("select 1 as id")', untyped),
    ).rejects.toThrow(/column_type_missing.*id/);
  });

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
    await connection.run(toText(await evaluate(create, settings)));
    expect(await evaluate('dbt.enforced_constraint_types() | sort | join(",")', settings)).toBe(
      'check,not_null,unique',
    );
    expect(await evaluate(`dbt.existing_constraint_types(${table}) | join(",")`)).toBe(
      'check,not_null,unique',
    );
    await expect(connection.run(`insert into main_staging.k values (0, 'a')`)).rejects.toThrow(
      'CHECK',
    );
    await expect(connection.run(`insert into main_staging.k values (1, 'a')`)).rejects.toThrow(
      'Duplicate',
    );
    expect(await evaluate('dbt.may_be_foreign_key_target()', settings)).toBe(true);
    expect(await evaluate('dbt.has_foreign_key_constraints()', settings)).toBe(false);
  });

  it('tables that point at a relation are put aside and come back', async () => {
    await connection.run(`create table main_staging.p (id integer primary key)`);
    await connection.run(
      `create table main_staging.q (id integer primary key, p integer references main_staging.p (id))`,
    );
    await connection.run(
      `create table main_staging.r (q integer, foreign key (q) references main_staging.q (id))`,
    );
    await connection.run('insert into main_staging.p values (1)');
    await connection.run('insert into main_staging.q values (2, 1)');
    await connection.run('insert into main_staging.r values (2)');
    const p = `relation('shop', 'main_staging', 'p', 'table')`;
    expect(await evaluate(`dbt.may_be_foreign_key_target(${p})`)).toBe(true);
    expect(
      await evaluate(`dbt.has_foreign_key_constraints(relation('shop', 'main_staging', 'r'))`),
    ).toBe(true);
    const rebuild = duck({ connection });
    const dropped = `dbt.drop_relation_for_rebuild(${p})`;
    await rebuild.evaluate(
      `dbt.restore_foreign_key_dependents((${dropped}, run_query('create table main_staging.p as select 1 as id'), run_query('alter table main_staging.p add primary key (id)'))[0])`,
    );
    expect(await sql('select p from main_staging.q')).toEqual([1]);
    expect(await sql('select q from main_staging.r')).toEqual([2]);
    await expect(connection.run('insert into main_staging.r values (9)')).rejects.toThrow(
      'foreign key',
    );
  });

  it('indexes are made for the config, and dropped', async () => {
    await connection.run('create table main_staging.i as select 1 as a, 2 as b');
    const table = `relation('shop', 'main_staging', 'i', 'table')`;
    const indexes = [{ columns: ['a'], unique: true }];
    await evaluate(`dbt.create_indexes(${table})`, { config: { indexes } });
    const count = `select count(*)::int from duckdb_indexes() where table_name = 'i' and is_unique`;
    expect(await sql(count)).toEqual([1]);
    await evaluate(`dbt.drop_indexes_on_relation(${table})`);
    expect(await sql(count)).toEqual([0]);
  });

  it('descriptions reach the catalog', async () => {
    await connection.run('create schema docs');
    await connection.run('create table docs.d as select 1 as a, 2 as "B"');
    await connection.run('create view docs.w as select a from docs.d');
    const model = {
      description: "It's $1",
      columns: {
        a: { name: 'a', description: 'first' },
        B: { name: 'B', description: 'second', quote: true },
        gone: { name: 'gone', description: 'x' },
      },
    };
    const persist = duck({ connection, model, config: { persist_docs: true } });
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
      const catalog = duck({ connection });
      expect(await catalog.evaluate(`${call}.column_names`)).toEqual(columns);
      const reader = await connection.runAndReadAll(catalog.statements.at(-1) ?? '');
      expect(reader.getRowsJson()).toEqual(expected);
    }
    await expect(
      evaluate(`dbt.duckdb_escape_comment('a $dbt_comment_literal_block$ b')`),
    ).rejects.toThrow('must not hold');
  });

  it('freshness is the newest row that the filter leaves', async () => {
    await connection.run(
      `create table main_staging.f as from (values (1, timestamp '2024-01-01'), (2, timestamp '2024-01-05')) t(id, seen)`,
    );
    const newest = (call: string) => evaluate(`dbt.${call}.table.rows[0][0]`);
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
    expect(await evaluate(`dbt.validate_sql('select 1').response`)).toBe('OK');
    await expect(evaluate(`dbt.validate_sql('select nowhere')`)).rejects.toThrow('nowhere');
  });

  it('files are named, written and found', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'velo-macros-'));
    const file = join(folder, 'a.csv');
    await connection.run('create table main_staging.o as select 1 as a, 2 as b');
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

describe('macros that only write', () => {
  const text = async (macros: ReturnType<typeof duck>, expression: string) =>
    toText(await macros.evaluate(expression))
      .trim()
      .split(/\s+/)
      .join(' ');

  it('a layout of files is set before the rows come', async () => {
    const create = `dbt.create_table_as(false, relation('lake', 'main', 't'), 'select 1 as d', 'sql', ['d'], ['d'])`;
    expect(await text(duck(), create)).toBe(
      'create table "lake"."main"."t" as (select * from ( select 1 as d ) as model_subq limit 0); ' +
        'alter table "lake"."main"."t" set partitioned by (d); ' +
        'alter table "lake"."main"."t" set sorted by (d); ' +
        'insert into "lake"."main"."t" ( select 1 as d );',
    );
    const settings = { config: { partitioned_by: 'd', sorted_by: ['d', 'e'] } };
    const layout = (call: string) =>
      duck(settings).evaluate(`dbt.${call}(none, false) | join('+')`);
    expect(await layout('duckdb__get_partitioned_by')).toBe('d');
    expect(await layout('duckdb__get_sorted_by')).toBe('d+e');
    expect(await duck(settings).evaluate('dbt.duckdb__get_sorted_by(none, true)')).toBe(null);
    await expect(duck().evaluate(`dbt.normalize_string_or_list(7, 'k')`)).rejects.toThrow(
      'k must be',
    );
    await expect(duck().evaluate(`dbt.normalize_string_or_list(['a', 7], 'k')`)).rejects.toThrow(
      'only strings',
    );
  });

  it('sql_header goes before what is created', async () => {
    const header = { config: { sql_header: 'set x = 1;' } };
    const view = `dbt.create_view_as(relation('shop', 'main', 'v'), 'select 1')`;
    for (const macros of [duck(header), postgres(header)]) {
      expect(await text(macros, view)).toMatch(/^set x = 1; create view/);
      expect(
        await text(macros, `dbt.create_table_as(true, relation('shop', 'main', 'v'), 'q')`),
      ).toMatch(/^set x = 1; create temporary table/);
      expect(await text(macros, `dbt.get_empty_subquery_sql('q', 'set y = 1;')`)).toMatch(
        /^set y = 1; select/,
      );
    }
    expect(
      await text(postgres({ config: { unlogged: true } }), `dbt.create_table_as(false, 't', 'q')`),
    ).toMatch(/^create unlogged table t as/);
  });

  it('grants are brought to what the config asks for', async () => {
    const answer = {
      names: ['grantee', 'privilege_type'],
      rows: [
        ['ann', 'SELECT'],
        ['bob', 'SELECT'],
      ],
    };
    const grants = async (grantConfig: object, revoke: boolean) => {
      const macros = postgres({ answer, config: { grants: grantConfig } });
      await macros.evaluate(`dbt.apply_grants(${TABLE}, config.get('grants'), ${revoke})`);
      return macros.statements
        .map((sql) => sql.trim().split(/\s+/).join(' '))
        .slice(revoke ? 1 : 0);
    };
    expect(await grants({ select: ['bob', 'eve'] }, true)).toEqual([
      'revoke select on "shop"."main"."t" from ann; grant select on "shop"."main"."t" to eve;',
    ]);
    expect(await grants({ select: ['bob', 'ann'] }, true)).toEqual([]);
    expect(await grants({ select: ['bob'], insert: ['ann', 'eve'] }, false)).toEqual([
      'grant select on "shop"."main"."t" to bob; grant insert on "shop"."main"."t" to ann, eve;',
    ]);
    const duckdb = duck();
    await duckdb.evaluate(`dbt.apply_grants(${TABLE}, {'select': ['bob']}, true)`);
    expect(duckdb.warnings).toHaveLength(1);
  });

  it('should_revoke follows what is replaced and how', async () => {
    const revokes = (macros: ReturnType<typeof duck>, args: string) =>
      macros.evaluate(`dbt.should_revoke(${args})`);
    expect(await revokes(duck(), 'none, false')).toBe(false);
    expect(await revokes(duck(), `${TABLE}, false`)).toBe(true);
    expect(await revokes(duck(), TABLE)).toBe(true);
    expect(await revokes(postgres(), TABLE)).toBe(false);
  });

  it('an index of a materialized view is changed in place', async () => {
    const indexes = [
      ['old', 'btree', false, 'a'],
      ['kept', 'btree', true, 'b,c'],
    ];
    const answer = { names: ['name', 'method', 'unique', 'column_names'], rows: indexes };
    const view = `relation('shop', 'main', 'v', 'materialized_view')`;
    const changes = (wanted: unknown[]) => {
      const config = { indexes: wanted };
      const macros = postgres({ answer, config });
      return [macros, `dbt.get_materialized_view_configuration_changes(${view}, config)`] as const;
    };
    const [same, nothing] = changes([{ columns: ['a'] }, { columns: ['c', 'B'], unique: true }]);
    expect(await same.evaluate(nothing)).toBe(null);
    const [macros, some] = changes([
      { columns: ['a'], type: 'hash' },
      { columns: ['b', 'c'], unique: true },
    ]);
    const altered = `dbt.get_alter_materialized_view_as_sql(${view}, ${some}, 'q', ${view}, none, none)`;
    expect(await text(macros, altered)).toMatch(
      /^drop index if exists "main"."old";create index if not exists "\w{32}" on "shop"."main"."v" using hash \(a\);$/,
    );
  });

  it('names too long for PostgreSQL give way to the suffix', async () => {
    const long = 'x'.repeat(63);
    const named = (call: string) => postgres().evaluate(`dbt.${call}.identifier`);
    const base = `relation('shop', 'main', '${long}', 'table')`;
    expect(await named(`make_backup_relation(${base}, 'table')`)).toBe(
      `${long.slice(0, 51)}__dbt_backup`,
    );
    expect(await named(`make_intermediate_relation(${base})`)).toBe(
      `${long.slice(0, 54)}__dbt_tmp`,
    );
    const temporary = toText(await named(`make_temp_relation(${base})`));
    expect(temporary).toMatch(/^x{42}__dbt_tmp\d{12}$/);
  });

  it('what an adapter lacks is said so', async () => {
    await expect(duck().evaluate(`dbt.refresh_materialized_view('v')`)).rejects.toThrow(
      'refresh_materialized_view macro not implemented for adapter duckdb',
    );
    await expect(
      duck().evaluate(`dbt.get_create_sql(relation('a', 'b', 'c', 'cte'), 'q')`),
    ).rejects.toThrow('no relation of the type cte');
    expect(await duck().evaluate('dbt.is_core_v2()')).toBe(false);
  });
});
