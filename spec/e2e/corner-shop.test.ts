import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openShopInDuckdb, openShopInPostgres, type Shop } from './corner-shop.ts';

// Rows are by hand from the seeds; dbt 1.12.6 made the same of this project, its edits included.
const ORDERS = 'order_id, items, amount, card_amount, voucher_amount, transfer_amount, open_amount';

it.each([
  ['DuckDB', openShopInDuckdb],
  ['Postgres', openShopInPostgres],
])(
  'an unmodified dbt project lives its life in %s',
  async (_, open) => {
    const shop = await open();
    await firstDay(shop);
    await nothingNew(shop);
    await secondDay(shop);
    await changeInDev(shop);
    await newColumn(shop);
  },
  300_000,
);

/** Seeds, views, tables, snapshots, all kinds of tests, the exposure. */
async function firstDay(shop: Shop): Promise<void> {
  const tills = await shop.run('prod', 'run-operation', 'receive_scans', '--args', '{day: 1}');
  expect(tills.stdout).toContain('received 4 scans');
  const { stdout } = await shop.run('prod', 'build');
  expect(stdout).toContain('PASS=50 WARN=1 ERROR=0 SKIP=0 NO-OP=1 REUSED=0 TOTAL=52');
  expect(await shop.relationsOf('prod')).toEqual([
    'dim_customers_v1',
    'dim_customers_v2',
    'dim_products',
    'fct_orders',
    'fct_scans_daily',
    'rpt_cities',
  ]);
  expect(await shop.rows('customer_id, full_name, city, orders, spent', 'prod.dim_customers_v2')) //
    .toEqual([
      ['1', 'Ada Kovač', 'Graz', '2', '42.50'],
      ['2', 'Ben Osei', 'Linz', '2', '29.00'],
      ['3', 'Chidi Moreau', 'Graz', '1', '0.00'],
      ['4', 'Dana Lund', null, '0', '0.00'],
    ]);
  expect(await shop.rows('customer_id, orders', 'prod.dim_customers_v1')).toEqual([
    ['1', '2'],
    ['2', '2'],
    ['3', '1'],
    ['4', '0'],
  ]);
  expect(await shop.rows('sku, title, price, price_with_vat', 'prod.dim_products')).toEqual([
    ['CUP-01', 'Cup', '8.50', '10.20'],
    ['POT-01', 'Clay pot', '25.00', '30.00'],
    ['TEA-01', 'Green tea', '4.50', '4.95'],
    ['TEA-02', 'Black tea, loose', '4.00', '4.40'],
  ]);
  expect(await shop.rows(ORDERS, 'prod.fct_orders')).toEqual([
    ['101', '3', '17.50', '10.00', '7.50', '0.00', '0.00'],
    ['102', '1', '25.00', '25.00', '0.00', '0.00', '0.00'],
    ['103', '5', '29.00', '0.00', '0.00', '29.00', '0.00'],
    ['104', '1', '4.50', '0.00', '0.00', '0.00', '4.50'],
    ['105', '1', '8.50', '0.00', '0.00', '0.00', '0.00'],
  ]);
  expect(await scans(shop)).toEqual([
    ['2024-02-01', 'CUP-01', '1'],
    ['2024-02-01', 'TEA-01', '2'],
    ['2024-02-02', 'TEA-02', '1'],
  ]);
}

async function nothingNew(shop: Shop): Promise<void> {
  const before = await productHistory(shop);
  const { stdout } = await shop.run('prod', 'build');
  expect(stdout).toContain(' ERROR=0 SKIP=0 NO-OP=1 ');
  expect(await productHistory(shop)).toEqual(before);
  expect(await scans(shop)).toHaveLength(3);
  const fresh = await shop.run('prod', 'source', 'freshness');
  expect(fresh.stdout).toContain('PASS freshness of till.scans');
  await shop.run('prod', 'docs', 'generate');
}

/** New scans, one of a day that is over; a price is raised, a customer moves. */
async function secondDay(shop: Shop): Promise<void> {
  await shop.run('prod', 'run-operation', 'receive_scans', '--args', '{day: 2}');
  shop.edit('seeds/raw_products.csv', 'Green tea,tea,450', 'Green tea,tea,480');
  shop.edit(
    'seeds/raw_customers.csv',
    'Linz,2024-01-03,2024-01-03 10:30:00',
    'Wels,2024-01-03,2024-03-01 12:00:00',
  );
  await shop.run('prod', 'build');
  // TEA-02 of the first day comes late: the model looks at days from the last one on.
  expect(await scans(shop)).toEqual([
    ['2024-02-01', 'CUP-01', '1'],
    ['2024-02-01', 'TEA-01', '2'],
    ['2024-02-02', 'TEA-02', '2'],
    ['2024-02-03', 'POT-01', '1'],
  ]);
  expect(await productHistory(shop)).toEqual([
    ['CUP-01', '8.50', 'true'],
    ['POT-01', '25.00', 'true'],
    ['TEA-01', '4.50', 'false'],
    ['TEA-01', '4.80', 'true'],
    ['TEA-02', '4.00', 'true'],
  ]);
  const moves = 'customer_id, city, dbt_valid_from, dbt_valid_to';
  expect(await shop.rows(moves, 'prod_history.customer_history where customer_id = 2')).toEqual([
    ['2', 'Linz', '2024-01-03 10:30:00', '2024-03-01 12:00:00'],
    ['2', 'Wels', '2024-03-01 12:00:00', null],
  ]);
  expect(await shop.rows('city, orders, open_amount', 'prod.rpt_cities')).toEqual([
    ['Graz', '3', '5.40'],
    ['Wels', '2', '0.00'],
  ]);
}

/** What changed is built in a developer's schema, and reads the rest from production. */
async function changeInDev(shop: Shop): Promise<void> {
  cpSync(join(shop.dir, 'target'), join(shop.dir, 'prod'), { recursive: true });
  shop.edit(
    'models/marts/fct_orders.sql',
    '    orders.status,\n',
    "    orders.status,\n    orders.status in ('completed', 'returned') as is_closed,\n",
  );
  shop.edit(
    'models/marts/rpt_cities.sql',
    '    cast(sum(',
    '    cast(sum(o.amount) as decimal(12, 2)) as amount,\n    cast(sum(',
  );
  const changed = ['--select', 'state:modified+', '--defer', '--state', 'prod'];
  const { stdout } = await shop.run('dev', 'build', ...changed);
  expect(stdout).toContain('PASS=8 WARN=0 ERROR=0 SKIP=0 NO-OP=1 REUSED=0 TOTAL=9');
  expect(await shop.relationsOf('dev_ann')).toEqual(['fct_orders', 'rpt_cities']);
  expect(await shop.relationsOf('dev_ann_staging')).toEqual([]);
  expect(await shop.rows('order_id, is_closed, amount', 'dev_ann.fct_orders')).toEqual([
    ['101', 'true', '18.10'],
    ['102', 'true', '25.00'],
    ['103', 'false', '29.00'],
    ['104', 'false', '4.80'],
    ['105', 'true', '8.50'],
  ]);
  expect(await shop.rows('city, orders, amount, open_amount', 'dev_ann.rpt_cities')).toEqual([
    ['Graz', '3', '47.90', '5.40'],
    ['Wels', '2', '37.50', '0.00'],
  ]);
  const closed = "information_schema.columns where column_name = 'is_closed'";
  expect(await shop.rows('table_schema, table_name', closed)).toEqual([['dev_ann', 'fct_orders']]);
}

/** on_schema_change: append_new_columns keeps the rows and fills the column from now on. */
async function newColumn(shop: Shop): Promise<void> {
  await shop.run('prod', 'run-operation', 'receive_scans', '--args', '{day: 3}');
  shop.edit(
    'models/marts/fct_scans_daily.sql',
    'as scans\n',
    'as scans,\n    cast(count(distinct shop_no) as integer) as shops\n',
  );
  await shop.run('prod', 'build', '--select', 'fct_scans_daily');
  expect(await shop.rows('scanned_on, sku, scans, shops', 'prod.fct_scans_daily')).toEqual([
    ['2024-02-01', 'CUP-01', '1', null],
    ['2024-02-01', 'TEA-01', '2', null],
    ['2024-02-02', 'TEA-02', '2', null],
    ['2024-02-03', 'POT-01', '1', '1'],
    ['2024-02-04', 'CUP-01', '2', '2'],
  ]);
}

const scans = (shop: Shop) => shop.rows('scanned_on, sku, scans', 'prod.fct_scans_daily');

const productHistory = (shop: Shop) =>
  shop.rows('sku, price, dbt_valid_to is null', 'prod_history.product_history');
