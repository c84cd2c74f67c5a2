select
    id as payment_id,
    order_id,
    method,
    {{ measures.euros('amount_cents') }} as amount
from {{ ref('raw_payments') }}
