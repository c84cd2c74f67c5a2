{# `trainer_velocity` and `jockey_velocity`: strike rates over 14 to 365 days, A/E over 90 days and
   days since the last run (racing-columns.md), one row per entity on the range's cards. #}
{% macro velocity(entity) %}
{%- set windows = [14, 30, 90, 365] %}
with probes as (
    select distinct {{ entity }}, race_date
    from {{ ref('spine', history='0 days') }} as spine
    where {{ entity }} is not null
),

-- One row per entity and day: its runs of the day, and a row of zeros for a day it is on the card.
days as (
    select
        {{ entity }}, race_date,
        {{ total('runs') }} as runs, {{ total('wins') }} as wins, {{ total('e0') }} as e0,
        {{ total('booked_wins') }} as booked_wins, {{ total('market_e') }} as market_e
    from (
        select
            {{ entity }}, race_date, 1 as runs, won as wins, {{ fixed('e0') }} as e0,
            case when market_e is not null then won end as booked_wins,
            {{ fixed('market_e', 15) }} as market_e
        from {{ ref('runs', history='365 days') }} as runs
        where {{ is_run() }} and {{ entity }} in (select {{ entity }} from probes)
        union all
        select {{ entity }}, race_date, 0, 0, 0, 0, 0 from probes
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
        sum(market_e) over last_90 as market_e_90d,
        max(case when runs > 0 then race_date end) over loaded as last_run
    from days
    window
        {%- for days in windows %}
        last_{{ days }} as (partition by {{ entity }} order by race_date {{ past_days(days) }}),
        {%- endfor %}
        loaded as (partition by {{ entity }} order by race_date {{ past_career() }})
),

-- The last run of those without one in the history loaded above.
earlier as (
    select {{ entity }}, max(race_date) as last_run
    from {{ ref('runs') }} as runs
    where {{ is_run() }} and race_date < {{ as_of.start }} - interval '365 days'
        and {{ entity }} in (select {{ entity }} from probes)
    group by {{ entity }}
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
    cast({{ days_between('coalesce(windowed.last_run, earlier.last_run)', 'probes.race_date') }} as bigint) as days_since_last_run
from probes
join windowed on windowed.{{ entity }} = probes.{{ entity }} and windowed.race_date = probes.race_date
left join field on field.race_date = probes.race_date
left join earlier on earlier.{{ entity }} = probes.{{ entity }}
{% endmacro %}

{# racing.md §7.15: per day of the range, the mean e0 of all runs of the 365 days before: the p0 of
   an entity without runs. NULL on the first day of the data. #}
{% macro mean_e0_by_day() %}
select race_date, {{ from_fixed('sum(e0) over last_365') }} / nullif(sum(runs) over last_365, 0) as mean_e0
from (
    select
        race_date,
        cast(count(*) filter (where {{ is_run() }}) as bigint) as runs,
        cast(coalesce(sum({{ fixed('e0') }}) filter (where {{ is_run() }}), 0) as bigint) as e0
    from {{ ref('runs', history='365 days') }} as runs
    group by race_date
) as days
window last_365 as (order by race_date {{ past_days(365) }})
{% endmacro %}
