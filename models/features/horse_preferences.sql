{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['race_id', 'horse_id', 'as_of_date'],
    separable='check'
) }}

-- Every horse of `runs` on a day is on the day's card, which the SQL alone does not show.
-- What the horse did before under each of today's conditions, against its whole career.
{%- set conditions = {
    'course': 'course', 'distance': 'distance_band', 'going': 'going_group',
    'surface': 'surface', 'class': 'class_rating',
} %}

with declared as (
    select
        race_id, horse_id, {{ day_of_system() | join(', ') }}, {{ conditions.values() | join(', ') }},
        cast({{ is_run() }} as integer) as run,
        case when {{ is_run() }} then won else 0 end as win,
        case when {{ is_run() }} then {{ fixed('e0') }} else 0 end as e0
    from {{ ref('runs') }} as runs
    where horse_id in (select horse_id from {{ ref('spine', history='0 days') }} as spine)
),

counted as (
    select
        race_id, horse_id, {{ day_of_system() | join(', ') }}, {{ conditions.values() | join(', ') }},
        cast(coalesce(sum(run) over career, 0) as bigint) as career_runs,
        cast(coalesce(sum(win) over career, 0) as bigint) as career_wins,
        sum(e0) over career as career_e0
        {%- for name in conditions %},
        cast(coalesce(sum(run) over same_{{ name }}, 0) as bigint) as {{ name }}_runs,
        cast(coalesce(sum(win) over same_{{ name }}, 0) as bigint) as {{ name }}_wins,
        sum(e0) over same_{{ name }} as {{ name }}_e0
        {%- endfor %}
    from declared
    window
        career as (partition by horse_id order by race_date {{ past_career() }})
        {%- for name, column in conditions.items() %},
        same_{{ name }} as (partition by horse_id, {{ column }} order by race_date {{ past_career() }})
        {%- endfor %}
),

field as ({{ mean_e0_by_day() }}),

rated as (
    select
        counted.*,
        {{ shrunk_rate('career_wins', 'career_runs', 'career_e0', 'field.mean_e0') }} as career_sr
        {%- for name in conditions %},
        {{ shrunk_rate(name ~ '_wins', name ~ '_runs', name ~ '_e0', 'field.mean_e0') }} as {{ name }}_sr
        {%- endfor %}
    from counted
    left join field on {{ same('field', 'counted', day_of_system()) }}
    where counted.race_date >= {{ as_of.start }}
)

select
    race_id, horse_id, race_date as as_of_date,
    career_runs, career_wins, career_sr
    {%- for name, column in conditions.items() %},
    case when {{ column }} is not null then {{ name }}_runs end as {{ name }}_runs,
    case when {{ column }} is not null then {{ name }}_wins end as {{ name }}_wins,
    case when {{ column }} is not null then {{ name }}_sr end as {{ name }}_sr,
    case when {{ column }} is not null then {{ name }}_sr - career_sr end as {{ name }}_sr_diff
    {%- endfor %}
from rated
