select
    sku,
    title,
    kind,
    {{ measures.euros('price_cents') }} as price
from {{ ref('raw_products') }}
