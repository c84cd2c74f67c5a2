import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, shopDatabase } from './database.ts';
import { ADAPTERS, relation, run, type Scene, squeeze } from './harness.ts';
import { hasRecords, recorded } from './records.ts';

const STAGING = 'shop/models/staging/_staging.yml';
const FIXTURES = 'shop/models/marts/incremental/_inc.yml';

describe.skipIf(!hasRecords)('generic tests, byte for byte (skipped without ../shared)', () => {
  if (!hasRecords) return;
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
      it(`${type} ${path}`, async () => {
        expect((await run(type, template, scene)).text).toBe(
          recorded(`${type}-first/compiled/${path}`),
        );
      });
    }
  }
});

describe.skipIf(!hasRecords)('get_test_sql (skipped without ../shared)', () => {
  if (!hasRecords) return;
  it.each([
    ['unique_stg_orders_order_id', 'count(*)', 'none'],
    ['row_count_at_least_stg_items_5', 'coalesce(max(missing), 0)', 'none'],
    ['accepted_values_stg_orders_status__open__done__returned', 'count(*)', '10'],
  ])('%s', async (name, failCalc, limit) => {
    const main = recorded(`duckdb-first/compiled/${STAGING}/${name}.sql`);
    const template = `{{ get_test_sql(main, '${failCalc}', '!= 0', '!= 0', ${limit}) }}`;
    const { text } = await run('duckdb', template, { names: { main } });
    expect(squeeze(text)).toBe(squeeze(recorded(`duckdb-first/run/${STAGING}/${name}.sql`)));
  });
});

describe.skipIf(!hasRecords)('unit tests (skipped without ../shared)', () => {
  if (!hasRecords) return;
  let database: Database;
  beforeAll(async () => {
    database = await shopDatabase();
    await database.run('create schema main_staging');
  });
  afterAll(() => database.close());
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
    it(`given rows of ${name}, byte for byte`, async () => {
      const self = relation(`shop.main_staging.${name}`);
      await database.run(
        `create table ${self} (${specs.map((spec) => spec.join(' ')).join(', ')})`,
      );
      const { text } = await run('duckdb', '{{ get_fixture_sql(rows) }}', {
        database,
        this: self,
        model: { name, resource_type: 'model' },
        names: { rows },
      });
      expect(text).toBe(recorded(`duckdb-first/compiled/${FIXTURES}/${name}.sql`));
    });
  }

  it('actual and expected rows', async () => {
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
    const { text } = await run('duckdb', template, {
      model,
      names: { main, rows, types, quoted },
    });
    expect(text).toBe(recorded(`duckdb-first/run/${path}`).trimStart());
  });

  it('names a column that does not exist', async () => {
    const template =
      "{{ get_expected_sql([{'Nosuchcol': 1}], {'a': 'INTEGER', 'b': 'INTEGER'}, {}) }}";
    const model = { name: 'settings_overrides', resource_type: 'unit_test' };
    await expect(run('duckdb', template, { model })).rejects.toThrow(
      "Invalid column name: 'nosuchcol' in unit test fixture for expected output.\n" +
        "Accepted columns for expected output are: ['a', 'b']",
    );
  });
});
