{{ config(tags=['money']) }}

with orders as (

    select * from {{ ref('stg_orders') }}

),

amounts as (

    select * from {{ ref('int_order_amounts') }}

),

payments as (

    select * from {{ ref('int_order_payments') }}

)

select
    orders.order_id,
    orders.customer_id,
    orders.ordered_at,
    orders.status,
    cast(amounts.items as integer) as items,
    cast(amounts.amount as decimal(12, 2)) as amount,
    {% for method in var('payment_methods') -%}
    cast(coalesce(payments.{{ method }}_amount, 0) as decimal(12, 2)) as {{ method }}_amount,
    {% endfor -%}
    cast(case
        when orders.status = 'returned' then 0
        else amounts.amount - coalesce(payments.paid, 0)
    end as decimal(12, 2)) as open_amount
from orders
join amounts on amounts.order_id = orders.order_id
left join payments on payments.order_id = orders.order_id
