import { describe, expect, test } from 'vitest';
import { makePostgresProject } from '../postgres/project.ts';
import { type Files, makeProject } from './velo.ts';

const AUDIT = 'main_dbt_test__audit';

const project = (prices: readonly number[]): Files => ({
  'seeds/prices.csv': `id,price\n${prices.map((price, at) => `${at + 1},${price}`).join('\n')}\n`,
  'models/priced.sql':
    "{{ config(materialized='table') }}\nselect id, price from {{ ref('prices') }}\n",
  'models/_models.yml': `models:
  - name: priced
    columns:
      - name: price
        data_tests:
          - accepted_values:
              name: few_prices
              arguments: {values: [1, 2], quote: false}
              config: {store_failures: true, severity: warn}
          - accepted_range:
              name: not_dear
              arguments: {max_value: 50}
              config: {store_failures_as: view, severity: warn, alias: dear, schema: checks}
          - not_null: {name: priced_at_all}
          - unique: {name: no_two, config: {severity: warn, store_failures: false}}
`,
  'tests/no_thirteen.sql': `{{ config(severity='warn', store_failures_as='table') }}
select id from {{ ref('priced') }} where price = 13
`,
});

type Rows = readonly (readonly unknown[])[];
const texts = (rows: Rows) => rows.map((row) => row.map(String));

async function expectStored(
  velo: ReturnType<typeof makeProject>['velo'],
  ask: (sql: string) => Promise<Rows>,
) {
  const built = await velo(['build']);
  expect(built.exitCode, built.stdout).toBe(0);
  expect(built.stdout).toMatch(new RegExp(`select \\* from .*"${AUDIT}"."few_prices"`));
  const rows = async (relation: string) => texts(await ask(`select * from ${relation} order by 1`));
  expect(await rows(`${AUDIT}.few_prices`)).toEqual([
    ['13', '1'],
    ['99', '2'],
  ]);
  expect(await rows('main_checks.dear')).toEqual([
    ['3', '99'],
    ['4', '99'],
  ]);
  expect(await rows(`${AUDIT}.no_thirteen`)).toEqual([['2']]);
  const names = async () =>
    texts(
      await ask(
        `select table_name, table_type from information_schema.tables where table_schema in ('${AUDIT}', 'main_checks') order by 1`,
      ),
    );
  const stored = [
    ['dear', 'VIEW'],
    ['few_prices', 'BASE TABLE'],
    ['no_thirteen', 'BASE TABLE'],
  ];
  expect(await names()).toEqual(stored);
  const all = await velo(['test', '--store-failures']);
  expect(all.exitCode, all.stdout).toBe(0);
  expect(await names()).toEqual([...stored, ['priced_at_all', 'BASE TABLE']]);
  expect(await rows(`${AUDIT}.priced_at_all`)).toEqual([]);
}

describe('store_failures', () => {
  test('keeps the rows of each test in a table or a view', async () => {
    const made = makeProject(project([1, 13, 99, 99]));
    await expectStored(made.velo, made.query);
    made.write(project([1, 2]));
    expect((await made.velo(['build'])).exitCode).toBe(0);
    expect(await made.query(`select count(*) from ${AUDIT}.few_prices`)).toEqual([['0']]);
  });

  test('does so on Postgres, twice', async () => {
    const { project: made, query } = await makePostgresProject(project([1, 13, 99, 99]));
    await expectStored(made.velo, query);
    expect((await made.velo(['build', '--full-refresh', '--no-wap'])).exitCode).toBe(0);
  });

  test('rows that are not published change nothing of it', async () => {
    const made = makeProject(project([1, 13]));
    await made.velo(['build']);
    const yaml = made
      .read('models/_models.yml')
      .replace('priced_at_all', 'priced_at_all, config: {store_failures: true}');
    made.write({
      ...project([1, 99]),
      'models/_models.yml': yaml,
      'seeds/prices.csv': 'id,price\n1,\n2,7\n',
    });
    const { exitCode, stdout } = await made.velo(['build']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"velo_audit"."priced_at_all"');
    expect(await made.query(`select value_field from ${AUDIT}.few_prices`)).toEqual([[13]]);
  });
});
