{{ config(enabled=(var('source') == 'race_results'), severity='warn') }}

-- Values that are given but not of their column's type, words that say nothing to us, and sectionals of no runner are NULL
-- further on: here they are listed and counted.
{% for column in ['race_number', 'race_distance'] %}
select {{ given('race_id') }} as race_id, '{{ column }}' as what, {{ given(column) }} as said
from {{ source('race_results', 'races') }} as races
where {{ given(column) }} is not null and {{ read_as(column, 'integer') }} is null
union all
{% endfor %}
{%- for column, type in {
    'barrier': 'integer', 'original_weight': 'double precision', 'win_odds': 'double precision',
}.items() %}
select {{ given('race_id') }}, '{{ column }}', {{ given(column) }}
from {{ source('race_results', 'race_results') }} as results
where {{ given(column) }} is not null and {{ read_as(column, type) }} is null
union all
{% endfor %}
select {{ given('sectionals.race_id') }}, 'sectionals of', sectionals.horse_name
from {{ source('race_results', 'race_results_sectional_times') }} as sectionals
left join {{ source('race_results', 'race_results') }} as results
    on {{ given('results.race_id') }} = {{ given('sectionals.race_id') }}
    and {{ horse_name_key('results.horse_name') }} = {{ horse_name_key('sectionals.horse_name') }}
where results.race_id is null
union all
select race_id, 'class', class_raw
from {{ ref('stg_race_results_runs') }} as runs where class_raw is not null and class_rating is null
union all
select race_id, 'going', going
from {{ ref('stg_race_results_runs') }} as runs where going is not null and going_group = 'unknown'
