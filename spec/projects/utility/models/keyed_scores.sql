select name, {{ handy_utils.generate_surrogate_key(['name', 'art']) }} as score_key
from {{ ref('scores') }}
