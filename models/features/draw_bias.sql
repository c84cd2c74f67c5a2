{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['course', 'distance_band', 'going_group', 'as_of_date'],
    separable='check'
) }}

-- Stalls without runs that other days of a batch add change no sum, which the SQL alone does not show.
-- Impact values of the stalls over the 1095 days before, per kind of race on the card.
{%- set keys = ['course', 'distance_band', 'going_group'] %}
{%- set key = keys | join(', ') %}
{%- set thirds = ['low', 'mid', 'high'] %}

with card as (
    select distinct {{ key }}, race_date
    from {{ ref('spine', history='0 days') }} as spine
),

past as (
    select {{ key }}, race_date, draw, stall_third, won, {{ fixed('e0') }} as e0,
        {{ fixed('e0 * (1 - e0)') }} as variance
    from {{ ref('runs', history='1095 days') }} as runs
    where {{ is_run() }} and draw is not null
        and exists (select 1 from card where {{ same('card', 'runs', keys) }})
),

-- Every stall up to the highest ever seen, on every day the kind of race is on the card.
stalls as (
    select card.*, numbers.draw
    from card
    join (select {{ key }}, max(draw) as highest from past group by {{ key }}) as seen
        on {{ same('seen', 'card', keys) }}
    join (select {{ each_number(1, 99) }} as draw) as numbers on numbers.draw <= seen.highest
),

days as (
    select
        {{ key }}, race_date, draw,
        {{ total('runs') }} as runs, {{ total('wins') }} as wins, {{ total('e0') }} as e0
        {%- for third in thirds %},
        {{ total("case when stall_third = '" ~ third ~ "' then wins end") }} as {{ third }}_wins,
        {{ total("case when stall_third = '" ~ third ~ "' then e0 end") }} as {{ third }}_e0
        {%- endfor %},
        {{ total("case when stall_third = 'low' then variance end") }} as low_variance
    from (
        select {{ key }}, race_date, draw, stall_third, 1 as runs, won as wins, e0, variance from past
        union all
        select {{ key }}, race_date, draw, null, 0, 0, 0, 0 from stalls
    ) as events
    group by {{ key }}, race_date, draw
),

windowed as (
    select
        {{ key }}, race_date, draw
        {%- for sum in ['runs', 'wins', 'e0', 'low_wins', 'low_e0', 'mid_wins', 'mid_e0', 'high_wins', 'high_e0', 'low_variance'] %},
        cast(coalesce(sum({{ sum }}) over last_1095, 0) as bigint) as {{ sum }}
        {%- endfor %}
    from days
    window last_1095 as (partition by {{ key }}, draw order by race_date {{ past_days(1095) }})
),

-- Running totals over the stalls: a range of stalls is the difference of two of them.
by_stall as (
    select
        {{ key }}, race_date, draw,
        cast(sum(wins) over inward as bigint) as wins_to,
        cast(sum(e0) over inward as bigint) as e0_to,
        cast(sum(wins) over inward as bigint) - wins as wins_before,
        cast(sum(e0) over inward as bigint) - e0 as e0_before,
        max(case when runs > 0 then draw end) over (partition by {{ key }}, race_date) as highest
    from windowed
    where race_date >= {{ as_of.start }}
    window inward as (partition by {{ key }}, race_date order by draw rows between unbounded preceding and current row)
),

-- One integer orders the ranges: impact value to 9 decimals, then narrowest, then lowest. Finding
-- its maximum is far cheaper than sorting all ranges.
ranges as (
    select
        a.course, a.distance_band, a.going_group, a.race_date,
        max(
            {{ fixed(impact_value('(b.wins_to - a.wins_before)', '(b.e0_to - a.e0_before)'), 9) }} * 10000
            + (99 - (b.draw - a.draw)) * 100 + (99 - a.draw)
        ) as best
    from by_stall as a
    join by_stall as b
        on {{ same('b', 'a', keys) }} and b.race_date = a.race_date
        and b.draw >= a.draw and b.draw <= b.highest
    group by a.course, a.distance_band, a.going_group, a.race_date
),

optimal as (
    select {{ key }}, race_date, 99 - best % 100 as first_stall, 99 - ({{ whole_quotient('best', 100) }}) % 100 as width
    from ranges
),

totals as (
    select {{ key }}, race_date
        {%- for sum in ['runs', 'low_wins', 'low_e0', 'mid_wins', 'mid_e0', 'high_wins', 'high_e0', 'low_variance'] %},
        {{ total(sum) }} as {{ sum }}
        {%- endfor %}
    from windowed
    where race_date >= {{ as_of.start }}
    group by {{ key }}, race_date
)

select
    card.course, card.distance_band, card.going_group, card.race_date as as_of_date
    {%- for third in thirds %},
    {{ impact_value('coalesce(totals.%s_wins, 0)' % third, 'coalesce(totals.%s_e0, 0)' % third) }} as draw_iv_{{ third }}
    {%- endfor %},
    case when totals.runs > 0
        then optimal.first_stall || '-' || (optimal.first_stall + optimal.width)
    end as optimal_range,
    coalesce(totals.runs, 0) as sample_size,
    {{ z_score('totals.low_wins', 'totals.low_e0', 'totals.low_variance') }} as z
from card
left join totals on {{ same('totals', 'card', keys) }} and totals.race_date = card.race_date
left join optimal on {{ same('optimal', 'card', keys) }} and optimal.race_date = card.race_date
