select
    event_id,
    {{ handy_utils.safe_divide('amount', 'items') }} as per_item,
    {{ handy_utils.width_bucket('amount', 0, 30, 3) }} as bucket,
    {{ handy_utils.safe_add(['amount', 'items', 'null']) }} as added,
    {{ handy_utils.safe_add('amount', 'items') }} as added_plain,
    {{ handy_utils.safe_subtract(['amount', 'items']) }} as taken
from {{ ref('events') }}
