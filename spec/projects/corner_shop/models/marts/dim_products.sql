select
    p.sku,
    p.title,
    p.price,
    cast(p.price * (100 + v.percent) / 100 as decimal(10, 2)) as price_with_vat
from {{ ref('stg_products') }} as p
join {{ ref('vat_rates') }} as v on v.kind = p.kind
