import { expect, test } from 'vitest';
import { genericTestName } from './test-name.ts';

test.each<[name: string, test: string, tested: string, args: Record<string, unknown>]>([
  // Names dbt 1.12 gave, as its recorded manifest has them.
  ['not_null_customers_ts_id', 'not_null', 'customers_ts', { column_name: 'id' }],
  [
    'unique_dim_customers_v1_customer_id',
    'unique',
    'dim_customers_v1',
    { column_name: 'customer_id' },
  ],
  [
    'is_between_fct_orders_amount__500__0',
    'is_between',
    'fct_orders',
    { low: 0, high: 500, column_name: 'amount' },
  ],
  [
    'is_between_stg_items_qty__3__1',
    'is_between',
    'stg_items',
    { column_name: 'qty', low: 1, high: 3 },
  ],
  ['row_count_at_least_stg_items_5', 'row_count_at_least', 'stg_items', { n: 5 }],
  [
    'accepted_values_stg_customers_city__K_ln__Lyon__Oslo__unknown',
    'accepted_values',
    'stg_customers',
    { column_name: 'city', values: ['Köln', 'Lyon', 'Oslo', 'unknown'] },
  ],
  [
    'relationships_stg_orders_customer_id__customer_id__ref_stg_customers_',
    'relationships',
    'stg_orders',
    { column_name: 'customer_id', to: "ref('stg_customers')", field: 'customer_id' },
  ],
  [
    'source_unique_feed_visits_visit_id',
    'source_unique',
    'feed_visits',
    { column_name: 'visit_id' },
  ],
])('%s', (name, check, tested, args) => {
  expect(genericTestName(check, tested, args)).toBe(name);
});

test.each<[name: string, test: string, tested: string, args: Record<string, unknown>]>([
  // What dbt's rule, run in Python, makes of values that print differently there.
  [
    'accepted_range_trainer_velocity_wins__False__None__0',
    'accepted_range',
    'trainer_velocity',
    { column_name: 'wins', min_value: 0, max_value: null, inclusive: false },
  ],
  [
    'unique_combination_trainer_velocity_trainer_id__as_of_date',
    'unique_combination',
    'trainer_velocity',
    { columns: ['trainer_id', 'as_of_date'] },
  ],
  [
    't_m_1___1_2____k_v___None__True___1_5',
    't',
    'm',
    { a: { x: 1, y: [1, 2] }, b: [{ k: 'v' }, null, true], c: -1.5 },
  ],
])('%s', (name, check, tested, args) => {
  expect(genericTestName(check, tested, args)).toBe(name);
});
