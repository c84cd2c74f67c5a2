select
    l.order_id,
    sum(l.quantity) as items,
    sum(l.quantity * p.price) as amount
from {{ ref('stg_order_lines') }} as l
join {{ ref('stg_products') }} as p on p.sku = l.sku
group by l.order_id
