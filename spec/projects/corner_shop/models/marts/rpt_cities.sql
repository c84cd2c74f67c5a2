select
    coalesce(c.city, 'unknown') as city,
    cast(count(*) as integer) as orders,
    cast(sum(o.open_amount) as decimal(12, 2)) as open_amount
from {{ ref('fct_orders') }} as o
join {{ ref('dim_customers') }} as c on c.customer_id = o.customer_id
group by 1
