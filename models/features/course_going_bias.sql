{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['course', 'going_group', 'attribute', 'as_of_date']
) }}

-- By attribute of the past runs: a rate over all runners would only measure the size of fields.
{%- set windows = [365, 1095] %}
{%- set attributes = {
    'low_draw': "coalesce(stall_third = 'low', false)",
    'high_draw': "coalesce(stall_third = 'high', false)",
    'favourite': 'is_favourite',
    'front_runner': 'coalesce(5 * early_pos <= starters, false)',
} %}

with card as (
    select distinct course, going_group, race_date
    from {{ ref('spine', history='0 days') }} as spine
),

past as (
    select
        course, going_group, race_date, won, placed,
        {{ fixed('e0') }} as e0, {{ fixed('e0_place') }} as e0_place,
        {{ fixed('e0 * (1 - e0)') }} as variance
        {%- for attribute, condition in attributes.items() %},
        {{ condition }} as is_{{ attribute }}
        {%- endfor %}
    from {{ ref('runs', history='1095 days') }} as runs
    where {{ is_run() }}
        and exists (select 1 from card where {{ same('card', 'runs', ['course', 'going_group']) }})
),

days as (
    select
        course, going_group, attribute, race_date,
        {{ total_if_any('runs') }} as runs, {{ total_if_any('wins') }} as wins, {{ total_if_any('places') }} as places,
        {{ total_if_any('e0') }} as e0, {{ total_if_any('e0_place') }} as e0_place, {{ total_if_any('variance') }} as variance
    from (
        {%- for attribute in attributes %}
        select course, going_group, race_date, '{{ attribute }}' as attribute,
            1 as runs, won as wins, placed as places, e0, e0_place, variance
        from past where is_{{ attribute }}
        union all
        select course, going_group, race_date, '{{ attribute }}', null, null, null, null, null, null from card
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    ) as events
    group by course, going_group, attribute, race_date
),

windowed as (
    select
        course, going_group, attribute, race_date
        {%- for days in windows %}
        {%- for sum in ['runs', 'wins', 'places', 'e0', 'e0_place', 'variance'] %},
        cast(coalesce(sum({{ sum }}) over last_{{ days }}, 0) as bigint) as {{ sum }}_{{ days }}
        {%- endfor %}
        {%- endfor %}
    from days
    window
        {%- for days in windows %}
        last_{{ days }} as (partition by course, going_group, attribute order by race_date {{ past_days(days) }}){{ ',' if not loop.last }}
        {%- endfor %}
),

measured as (
    select
        windowed.course, windowed.going_group, windowed.attribute, windowed.race_date as as_of_date
        {%- for days in windows %},
        {{ impact_value('wins_%s' % days, 'e0_%s' % days) }} as win_iv_{{ days }}d,
        {{ impact_value('places_%s' % days, 'e0_place_%s' % days) }} as place_iv_{{ days }}d,
        {{ z_score('wins_%s' % days, 'e0_%s' % days, 'variance_%s' % days) }} as z_{{ days }}d,
        runs_{{ days }} as sample_size_{{ days }}d
        {%- endfor %}
    from windowed
    join card
        on card.course = windowed.course and card.going_group = windowed.going_group
        and card.race_date = windowed.race_date
)

select
    course, going_group, attribute, as_of_date
    {%- for days in windows %},
    win_iv_{{ days }}d, place_iv_{{ days }}d, z_{{ days }}d, sample_size_{{ days }}d,
    {{ is_persistent('z_%sd' % days) }} as persistence_flag_{{ days }}d
    {%- endfor %}
from measured
