select order_id, line, sku, quantity
from {{ ref('raw_order_lines') }}
