{{ config(enabled=(var('source') == 'racing_schema'), severity='warn') }}

-- Values that are given but not of their column's type are NULL further on: here they are listed and counted.
{% for column, type in {'off_time': 'time', 'dist_f': 'double precision'}.items() %}
select {{ given('race_id') }} as race_id, '{{ column }}' as what, {{ given(column) }} as said
from {{ source('racing_schema', 'races') }} as races
where {{ given(column) }} is not null and {{ read_as(column, type) }} is null
union all
{% endfor %}
{%- for column, type in {
    'draw': 'integer', 'age': 'integer', '"or"': 'integer',
    'lbs': 'double precision', 'secs': 'double precision', 'dec': 'double precision',
}.items() %}
select {{ given('race_id') }}, '{{ column }}', {{ given(column) }}
from {{ source('racing_schema', 'runners') }} as runners
where {{ given(column) }} is not null and {{ read_as(column, type) }} is null
union all
{% endfor %}
select race_id, 'going', going
from {{ ref('stg_racing_schema_runs') }} as runs where going is not null and going_group = 'unknown'
