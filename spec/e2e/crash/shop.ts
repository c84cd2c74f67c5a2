import type { Files } from '../velo.ts';

const DAYS = 40;
const CUSTOMERS = 12;

/** Purchases of a few weeks, the same in every run; some days have none. */
function purchases(): string {
  const rows = ['purchase_id,customer_id,purchase_date,amount'];
  for (let i = 0; i < DAYS * 15; i += 1) {
    const day = (i * 7) % DAYS;
    if (day % 11 === 4) continue;
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    rows.push(`${i},${(i * 5) % CUSTOMERS},${date},${(i * 37) % 101}`);
  }
  return `${rows.join('\n')}\n`;
}

const AS_OF = "materialized='incremental', incremental_strategy='as_of', as_of='as_of_date'";

/** For each date a row of each customer, so that set-based and daily builds are the same. */
const spine = (bounds: string): string => `with days as (
  select cast(day as date) as as_of_date
  from generate_series(cast({{ as_of.start }} as timestamp), cast({{ as_of.end }} as timestamp) - interval '1 day',
    interval '1 day') as made(day)
)
select days.as_of_date, customers.customer_id, ${bounds}`;

const RECENT = `{{ config(${AS_OF}, begin='2024-01-01', batch_size=6, lookback=1) }}
${spine(`count(p.purchase_id) as purchases, coalesce(sum(p.amount), 0) as spent
from days
cross join {{ ref('customers') }} as customers
left join {{ ref('stg_purchases') }} as p
  on p.customer_id = customers.customer_id
  and p.purchase_date < days.as_of_date and p.purchase_date >= days.as_of_date - interval '7 days'
group by days.as_of_date, customers.customer_id`)}
`;

const LIFETIME = `{{ config(${AS_OF}, begin='2024-01-05') }}
${spine(`count(p.purchase_id) as purchases, max(p.purchase_date) as last_purchase
from days
cross join {{ ref('customers') }} as customers
left join {{ ref('stg_purchases') }} as p
  on p.customer_id = customers.customer_id and p.purchase_date < days.as_of_date
group by days.as_of_date, customers.customer_id`)}
`;

/** Points halve every day: each date is made of the one before. */
const POINTS = `{{ config(${AS_OF}, begin='2024-01-20', depends_on_past=true) }}
select r.as_of_date, r.customer_id, r.spent + coalesce(before.points, 0) / 2 as points
from {{ ref('recent') }} as r
left join {% if is_incremental() %}{{ this }}{% else %}(
  select cast(null as date) as as_of_date, cast(null as integer) as customer_id, 0 as points
){% endif %} as before
  on before.customer_id = r.customer_id and before.as_of_date = r.as_of_date - interval '1 day'
where r.as_of_date >= {{ as_of.start }} and r.as_of_date < {{ as_of.end }}
`;

/** dbt's incremental: rows of days it does not have yet. */
const DAILY_SALES = `{{ config(materialized='incremental', unique_key='purchase_date') }}
select purchase_date, count(*) as purchases, sum(amount) as amount
from {{ ref('stg_purchases') }}
{% if is_incremental() %}where purchase_date > (select max(purchase_date) from {{ this }}){% endif %}
group by purchase_date
`;

/** Appends a row for each run it takes part in: a second one for the same input would show. */
const LOAD_LOG = `{{ config(materialized='incremental', incremental_strategy='append') }}
select count(*) as purchases_seen, sum(amount) as amount_seen from {{ ref('stg_purchases') }}
`;

const TRAINING = `{{ config(materialized='table') }}
select r.*, l.purchases as lifetime_purchases, l.last_purchase, p.points
from {{ ref('recent') }} as r
left join {{ ref('lifetime') }} as l using (as_of_date, customer_id)
left join {{ ref('points') }} as p using (as_of_date, customer_id)
`;

const BEST = `select as_of_date, customer_id, spent from {{ ref('training') }} where spent > 100
`;

const KEY_TESTS = (name: string): string => `  - name: ${name}
    columns:
      - name: customer_id
        data_tests: [not_null]
    data_tests:
      - unique_combination:
          arguments: {columns: [as_of_date, customer_id]}
`;

/** A project with every way of writing a relation: chunks, lookback, order, replacement, appending, views, seeds. */
export const SHOP: Files = {
  'seeds/customers.csv': `customer_id\n${Array.from({ length: CUSTOMERS }, (_, i) => i).join('\n')}\n`,
  'seeds/purchases.csv': purchases(),
  'models/stg_purchases.sql': `{{ config(event_time='purchase_date') }}
select purchase_id, customer_id, purchase_date, amount
from {{ ref('purchases') }}
`,
  'models/recent.sql': RECENT,
  'models/lifetime.sql': LIFETIME,
  'models/points.sql': POINTS,
  'models/daily_sales.sql': DAILY_SALES,
  'models/load_log.sql': LOAD_LOG,
  'models/training.sql': TRAINING,
  'models/best.sql': BEST,
  'models/_models.yml': `models:
${['recent', 'lifetime', 'points', 'training'].map(KEY_TESTS).join('')}`,
  'tests/no_future.sql': `select * from {{ ref('lifetime') }} where last_purchase >= as_of_date
`,
};

/** Another rule for two as-of models and for what is made of them. */
export const CHANGED: Files = {
  'models/recent.sql': RECENT.replace("interval '7 days'", "interval '10 days'"),
  'models/points.sql': POINTS.replace('/ 2', '/ 4'),
};

/** Other purchases: seed, views, tables and incremental models change as well. */
export const MORE_PURCHASES: Files = {
  'seeds/purchases.csv': `${purchases()}90001,3,2024-02-10,55\n90002,7,2024-02-11,8\n`,
};
