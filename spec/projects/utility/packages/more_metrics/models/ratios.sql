{{ config(tags=['metrics']) }}
select
    label,
    {{ rounded_ratio(var('ratio_of')[0], var('ratio_of')[1]) }} as ratio
from (
    values ('third', 10, 3), ('nothing', 0, 0), ('by_zero', 5, 0)
) as rows(label, {{ var('ratio_of') | join(', ') }})
