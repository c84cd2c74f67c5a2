{{ config(enabled=(var('source') == 'rpscrape')) }}

-- The rows of a race say the same of it: otherwise it would fall apart into several.
select race_id
from {{ ref('stg_rpscrape_runs') }} as runs
group by race_id
having
    {%- for column in ['race_date', 'off_at', 'course', 'distance_m', 'surface', 'going', 'race_name', 'class_raw'] %}
    count(distinct {{ column }}) > 1{{ ' or' if not loop.last }}
    {%- endfor %}
