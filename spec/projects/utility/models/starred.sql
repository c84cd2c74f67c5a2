select {{ handy_utils.star(ref('region_north'), relation_alias='n', except=['SALES'], suffix='_of_north') }},
    {{ handy_utils.star(from=ref('scores'), relation_alias='s', except=['class']) }}
from {{ ref('region_north') }} as n
cross join {{ ref('scores') }} as s
