select
    event_id,
    {{ handy_utils.get_url_parameter(field='url', url_parameter='utm') }} as utm,
    coalesce(utm, '') as utm_text,
    {{ handy_utils.get_url_host('url') }} as host
from {{ ref('events') }}
