{#- The package's own star, by its full name. -#}
select {{ handy_utils.default__star(ref('scores'), 's', ['art'], 'the ', '', True) }}
from {{ ref('scores') }} as s
