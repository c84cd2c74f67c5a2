{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['race_id', 'horse_id', 'as_of_date'],
    separable='check'
) }}

-- Every horse of `runs` on a day is on the day's card, which the SQL alone does not show.
-- How today's distance, weight, stall and ground suit the horse, by its earlier runs.
{%- set partitions = {
    'career': ['horse_id'],
    'same_course_distance': ['horse_id', 'course', 'distance_band'],
    'same_distance': ['horse_id', 'distance_band'],
    'same_going': ['horse_id', 'going_group'],
    'same_stall': ['horse_id', 'stall_third'],
} %}
{#- Rates: over which of the partitions, and which of its runs. horse_preferences has the others. #}
{%- set rates = {
    'course_distance': ['same_course_distance', 'is_run'],
    'stall': ['same_stall', 'is_run'],
    'wet': ['career', "is_run and going_group in ('soft', 'heavy')"],
} %}
{#- Means of the runs that have the value: the partition and the value. #}
{%- set means = {
    'distance_m_placed': ['career', 'case when placed = 1 then distance_m end'],
    'weight_career': ['career', 'weight_lbs'],
    'weight_placed': ['career', 'case when placed = 1 then weight_lbs end'],
    'distance_finish_pct': ['same_distance', 'finish_pct'],
    'distance_speed': ['same_distance', 'speed_figure'],
    'going_finish_pct': ['same_going', 'finish_pct'],
} %}

with declared as (
    select
        runs.source_system, runs.race_id, runs.horse_id, runs.race_date, runs.race_no, runs.course, runs.distance_m,
        runs.distance_band, runs.going_group, runs.stall_third, runs.weight_lbs, runs.won,
        runs.placed, runs.finish_pct, {{ fixed('runs.e0') }} as e0, speed.speed_figure,
        {{ is_run() }} as is_run
    from {{ ref('runs') }} as runs
    left join {{ ref('speed_figures') }} as speed
        on speed.race_id = runs.race_id and speed.horse_id = runs.horse_id
    where runs.horse_id in (select horse_id from {{ ref('spine', history='0 days') }} as spine)
),

counted as (
    select
        source_system, race_id, horse_id, race_date, distance_m, stall_third, weight_lbs,
        max(case when won = 1 then weight_lbs end) over career as weight_max_won
        {%- for name, (partition, counts) in rates.items() %},
        count(case when {{ counts }} then 1 end) over {{ partition }} as {{ name }}_runs,
        cast(coalesce(sum(case when {{ counts }} then won end) over {{ partition }}, 0) as bigint) as {{ name }}_wins,
        sum(case when {{ counts }} then e0 end) over {{ partition }} as {{ name }}_e0
        {%- endfor %}
        {%- for name, (partition, value) in means.items() %},
        {{ from_fixed('sum(case when is_run then ' ~ fixed(value) ~ ' end) over ' ~ partition) }}
            / nullif(count(case when is_run then {{ value }} end) over {{ partition }}, 0) as {{ name }}
        {%- endfor %}
    from declared
    window
        {%- for name, keys in partitions.items() %}
        {{ name }} as (partition by {{ keys | join(', ') }} order by race_date {{ past_career() }}){{ ',' if not loop.last }}
        {%- endfor %}
),

past as (
    select
        horse_id, race_date, distance_m, weight_lbs,
        lead(race_date) over (partition by horse_id order by {{ run_order() }}) as next_date
    from declared
    where is_run
),

last_of_day as (
    select horse_id, race_date, distance_m, weight_lbs from past
    where next_date is null or next_date > race_date
),

field as ({{ mean_e0_by_day() }}),

rated as (
    select
        counted.*, preferences.career_sr,
        {%- for name in ['course', 'distance', 'going'] %}
        {{ is_specialist('preferences.' ~ name ~ '_wins', 'preferences.' ~ name ~ '_sr_diff') }} as is_{{ name }}_specialist,
        {%- endfor %}
        counted.distance_m - previous.distance_m as distance_m_change,
        counted.weight_lbs - previous.weight_lbs as weight_change
        {%- for name in rates %},
        {{ shrunk_rate(name ~ '_wins', name ~ '_runs', name ~ '_e0', 'field.mean_e0') }} as {{ name }}_sr
        {%- endfor %}
    from counted
    left join {{ ref('horse_preferences', history='0 days') }} as preferences
        on preferences.race_id = counted.race_id and preferences.horse_id = counted.horse_id
        and preferences.as_of_date = counted.race_date
    left join field on {{ same('field', 'counted', day_of_system()) }}
    {{ join_latest_before('last_of_day', 'previous', 'horse_id', 'counted.horse_id', 'counted.race_date') }}
    where counted.race_date >= {{ as_of.start }}
)

select
    race_id, horse_id, race_date as as_of_date,
    distance_m_change,
    distance_m - distance_m_placed as distance_m_diff_placed,
    distance_finish_pct as distance_finish_pct_avg,
    distance_speed as distance_speed_avg,
    weight_change,
    weight_lbs - weight_career as weight_diff_career,
    weight_lbs - weight_placed as weight_diff_placed,
    weight_lbs - weight_max_won as weight_diff_max_won,
    course_distance_runs, course_distance_wins, course_distance_sr,
    course_distance_sr - career_sr as course_distance_sr_diff,
    case when stall_third is not null then stall_runs end as stall_runs,
    case when stall_third is not null then stall_wins end as stall_wins,
    case when stall_third is not null then stall_sr end as stall_sr,
    case when stall_third is not null then stall_sr - career_sr end as stall_sr_diff,
    going_finish_pct as going_finish_pct_avg,
    wet_runs, wet_wins, wet_sr,
    wet_sr - career_sr as wet_sr_diff,
    is_course_specialist, is_distance_specialist, is_going_specialist,
    {{ is_specialist('course_distance_wins', 'course_distance_sr - career_sr') }} as is_course_distance_specialist,
    {{ is_specialist('wet_wins', 'wet_sr - career_sr') }} as is_wet_specialist
from rated
