with orders as (

    select
        o.customer_id,
        count(*) as orders,
        sum(case when o.status = 'returned' then 0 else p.paid end) as spent
    from {{ ref('stg_orders') }} as o
    left join {{ ref('int_order_payments') }} as p on p.order_id = o.order_id
    group by o.customer_id

)

select
    c.customer_id,
    c.full_name,
    c.city,
    cast(coalesce(o.orders, 0) as integer) as orders,
    cast(coalesce(o.spent, 0) as decimal(12, 2)) as spent
from {{ ref('stg_customers') }} as c
left join orders as o on o.customer_id = c.customer_id
