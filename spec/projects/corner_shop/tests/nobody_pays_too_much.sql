-- Returned orders are paid back.
select order_id, amount, open_amount
from {{ ref('fct_orders') }}
where open_amount < 0
