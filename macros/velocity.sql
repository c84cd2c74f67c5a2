{# `trainer_velocity` and `jockey_velocity`: strike rates over 14 to 365 days, A/E over 90 days and
   days since the last run (racing-columns.md), one row per entity on the range's cards. #}
{% macro velocity(entity) %}
{%- set windows = [14, 30, 90, 365] %}
with probes as (
    select distinct {{ entity }}, {{ day_of_system() | join(', ') }}
    from {{ ref('spine', history='0 days') }} as spine
    where {{ entity }} is not null
),

-- One row per entity and day: its runs of the day, or nothing but NULL for a day it is on the card.
days as (
    select
        {{ entity }}, race_date,
        {{ total_if_any('runs') }} as runs, {{ total_if_any('wins') }} as wins, {{ total_if_any('e0') }} as e0,
        {{ total_if_any('booked_wins') }} as booked_wins, {{ total_if_any('market_e') }} as market_e
    from (
        select
            {{ entity }}, race_date, 1 as runs, won as wins, {{ fixed('e0') }} as e0,
            case when market_e is not null then won end as booked_wins,
            {{ fixed('market_e', 15) }} as market_e
        from {{ ref('runs', history='365 days') }} as runs
        where {{ is_run() }} and {{ entity }} in (select {{ entity }} from probes)
        union all
        select {{ entity }}, race_date, null, null, null, null, null from probes
    ) as events
    group by {{ entity }}, race_date
),

windowed as (
    select
        {{ entity }}, race_date,
        {%- for days in windows %}
        cast(coalesce(sum(runs) over last_{{ days }}, 0) as bigint) as runs_{{ days }}d,
        cast(coalesce(sum(wins) over last_{{ days }}, 0) as bigint) as wins_{{ days }}d,
        sum(e0) over last_{{ days }} as e0_{{ days }}d,
        {%- endfor %}
        sum(booked_wins) over last_90 as booked_wins_90d,
        sum(market_e) over last_90 as market_e_90d
    from days
    window
        {%- for days in windows %}
        last_{{ days }} as (partition by {{ entity }} order by race_date {{ past_days(days) }}){{ ',' if not loop.last }}
        {%- endfor %}
),

run_days as (
    {{ run_days(entity) }}
),

field as ({{ mean_e0_by_day() }})

select
    probes.{{ entity }},
    probes.race_date as as_of_date,
    {%- for days in windows %}
    {{ shrunk_rate('wins_%sd' % days, 'runs_%sd' % days, 'e0_%sd' % days, 'field.mean_e0') }} as sr_{{ days }}d,
    runs_{{ days }}d,
    wins_{{ days }}d,
    {%- endfor %}
    {{ actual_over_expected('booked_wins_90d', 'market_e_90d') }} as ae_90d,
    cast({{ days_between('last_run.race_date', 'probes.race_date') }} as bigint) as days_since_last_run
from probes
join windowed on windowed.{{ entity }} = probes.{{ entity }} and windowed.race_date = probes.race_date
left join field on {{ same('field', 'probes', day_of_system()) }}
{{ join_last_run(entity) }}
{% endmacro %}

{# Rows of `run_days`, and the join of the newest one before each of the probes. An entity has thousands of days of either:
   where there is no asof join, one pass over both finds the day that each probe wants. `greatest` makes a column that is
   not the date itself: NULL for the probes, it shows that days on the card change no other's answer. #}
{% macro run_days(entity) %}{{ return(adapter.dispatch('run_days')(entity)) }}{% endmacro %}
{% macro join_last_run(entity) %}{{ return(adapter.dispatch('join_last_run')(entity)) }}{% endmacro %}

{% macro default__run_days(entity) -%}
select
        {{ entity }}, race_date as probe_date,
        max(ran_on) over (partition by {{ entity }} order by race_date {{ past_career() }}) as race_date
    from (
        select {{ entity }}, race_date, max(ran_on) as ran_on
        from (
            select {{ entity }}, race_date, greatest(race_date) as ran_on
            from {{ ref('runs') }} as runs
            where {{ is_run() }} and {{ entity }} in (select {{ entity }} from probes)
            union all
            select {{ entity }}, race_date, null from probes
        ) as events
        group by {{ entity }}, race_date
    ) as days
{%- endmacro %}

{% macro default__join_last_run(entity) -%}
left join run_days as last_run on last_run.{{ entity }} = probes.{{ entity }} and last_run.probe_date = probes.race_date
{%- endmacro %}

{% macro duckdb__run_days(entity) -%}
select distinct {{ entity }}, race_date from {{ ref('runs') }} as runs
    where {{ is_run() }} and {{ entity }} in (select {{ entity }} from probes)
{%- endmacro %}

{% macro duckdb__join_last_run(entity) -%}
{{ join_latest_before('run_days', 'last_run', entity, 'probes.' ~ entity, 'probes.race_date') }}
{%- endmacro %}

{# racing.md §7.15: per source system and day of the range, the mean e0 of all its runs of the 365 days before: the p0 of
   an entity without runs. NULL on the first day of the data. By system, so that one beside it changes nothing. #}
{% macro mean_e0_by_day() %}
{%- set key = day_of_system() | join(', ') %}
select {{ key }}, {{ from_fixed('sum(e0) over last_365') }} / nullif(sum(runs) over last_365, 0) as mean_e0
from (
    select
        {{ key }},
        cast(count(*) filter (where {{ is_run() }}) as bigint) as runs,
        cast(coalesce(sum({{ fixed('e0') }}) filter (where {{ is_run() }}), 0) as bigint) as e0
    from {{ ref('runs', history='365 days') }} as runs
    group by {{ key }}
) as days
window last_365 as ({{ 'partition by source_system' if 'source_system' in key }} order by race_date {{ past_days(365) }})
{% endmacro %}
