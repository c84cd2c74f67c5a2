import type { Files } from '../e2e/velo.ts';

/** 30 days of sales: 2024-01-01 … 2024-01-30, two or three a day, one amount in seven unknown. */
const SALES = Array.from({ length: 75 }, (_, i) => {
  const day = String(1 + Math.floor((i * 30) / 75)).padStart(2, '0');
  const amount = i % 7 === 3 ? '' : String((i * 37) % 100);
  return `${i + 1},2024-01-${day},${['a', 'b', 'c'][i % 3]},${amount}`;
}).join('\n');

/** A small project: a seed, a view, an ephemeral model, an as_of model, one on top of it, and a table. */
export const SHOP: Files = {
  'velo_project.yml': `name: shop
vars:
  rate: 2
`,
  'seeds/sales.csv': `id,day,shop_id,amount\n${SALES}\n`,
  'models/stg_sales.sql': `{{ config(materialized='view', event_time='day') }}
select id, day::date as day, shop_id, amount::double as amount from {{ ref('sales') }}
`,
  'models/paid.sql': `{{ config(materialized='ephemeral', event_time='day') }}
select * from {{ ref('stg_sales') }} where amount is not null
`,
  'macros/money.sql': `{% macro in_cents(column) %}round({{ column }} * 100){% endmacro %}
`,
  'models/week.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03', unique_key=['shop_id', 'as_of_date']) }}
with days as (
  select unnest(generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day))::date as as_of_date
)
select days.as_of_date, paid.shop_id, count(*) as sales,
  {{ in_cents('sum(paid.amount)') }} * {{ var('rate') }} as cents
from days
join {{ ref('paid', history='7 days') }} as paid
  on paid.day < days.as_of_date and paid.day >= days.as_of_date - interval 7 day
group by all
`,
  'models/best.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03') }}
select as_of_date, arg_max(shop_id, (cents, shop_id)) as shop_id, max(cents) as cents
from {{ ref('week') }}
where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }}
group by as_of_date
`,
  'models/totals.sql': `{{ config(materialized='table') }}
select shop_id, count(*) as sales, sum(amount) as amount from {{ ref('stg_sales') }} group by shop_id
`,
  'models/models.yml': `models:
  - name: week
    data_tests:
      - unique_combination: {arguments: {columns: [shop_id, as_of_date]}}
    columns:
      - name: cents
        data_tests: [not_null]
  - name: totals
    columns:
      - name: shop_id
        data_tests: [unique, not_null]
`,
};

/** The rows of `week` for the dates up to `last`, counted by loops: independent of any SQL. */
export function expectedWeek(last: string, rate = 2): string[] {
  const rows: string[] = [];
  for (
    const date = new Date('2024-01-03');
    isoDay(date) <= last;
    date.setUTCDate(date.getUTCDate() + 1)
  ) {
    for (const shop of ['a', 'b', 'c']) {
      const amounts = SALES.split('\n')
        .map((line) => line.split(','))
        .filter(([, day = '', id, amount]) => {
          const age = (date.getTime() - Date.parse(day)) / 86_400_000;
          return id === shop && amount !== '' && age > 0 && age <= 7;
        })
        .map(([, , , amount]) => Number(amount));
      if (amounts.length === 0) continue;
      const sum = amounts.reduce((total, amount) => total + amount, 0);
      rows.push(`${isoDay(date)} ${shop} ${amounts.length} ${sum * 100 * rate}`);
    }
  }
  return rows;
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10);
