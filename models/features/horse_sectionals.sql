{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['horse_id', 'as_of_date'],
    separable='check'
) }}

-- Every horse of `runs` on a day is on the day's card, which the SQL alone does not show.
-- How a horse runs its races: averages over earlier runs whose inputs exist (racing.md §7.28-29).
{#- Each average is an exact sum and a count; fixed-point where the input is a fraction. #}
{%- set fractions = {
    'early_pos_share_avg': real('early_pos') ~ ' * 1.0 / starters',
    'mid_pos_share_avg': real('mid_pos') ~ ' * 1.0 / starters',
    'late_pos_share_avg': real('late_pos') ~ ' * 1.0 / starters',
    'sec_z_early_avg': 'sec_z_early',
    'sec_z_mid_avg': 'sec_z_mid',
    'sec_z_finish_avg': 'sec_z_finish',
    'break_bias': '(' ~ real('early_pos') ~ ' - 1.0) / nullif(starters - 1, 0)',
} %}
{%- set integers = {
    'sections': 'case when early_pos is not null then 1 end',
    'gain_early': 'early_pos - pos_num',
    'gain_mid': 'mid_pos - pos_num',
    'kick': 'late_pos - pos_num',
    'kick_sq': '(late_pos - pos_num) * (late_pos - pos_num)',
    'fader': 'case when late_pos - pos_num <= -2 then 1 end',
    'closer': 'case when late_pos - pos_num >= 3 then 1 end',
    'front': 'case when late_pos <= 2 then 1 end',
    'placed_front': 'case when late_pos <= 2 and pos_num is not null then 1 end',
} %}

with probes as (
    select distinct horse_id, race_date
    from {{ ref('spine', history='0 days') }} as spine
),

days as (
    select
        horse_id, race_date
        {%- for name, input in fractions.items() %},
        {{ total('case when ' ~ is_run() ~ ' then ' ~ fixed(input) ~ ' end') }} as {{ name }}_sum,
        count(case when {{ is_run() }} then {{ input }} end) as {{ name }}_n
        {%- endfor %}
        {%- for name, input in integers.items() %},
        {{ total('case when ' ~ is_run() ~ ' then ' ~ input ~ ' end') }} as {{ name }}_sum,
        count(case when {{ is_run() }} then {{ input }} end) as {{ name }}_n
        {%- endfor %}
    from {{ ref('runs') }} as runs
    where horse_id in (select horse_id from probes)
    group by horse_id, race_date
),

summed as (
    select
        horse_id, race_date
        {%- for name in fractions.keys() | list + integers.keys() | list %},
        cast(coalesce(sum({{ name }}_sum) over career, 0) as bigint) as {{ name }}_sum,
        cast(coalesce(sum({{ name }}_n) over career, 0) as bigint) as {{ name }}_n
        {%- endfor %}
    from days
    window career as (partition by horse_id order by race_date {{ past_career_of_days() }})
),

averaged as (
    select
        summed.*
        {%- for name in fractions %},
        {{ from_fixed(name ~ '_sum') }} / nullif({{ name }}_n, 0) as {{ name }}
        {%- endfor %}
    from summed
    where race_date >= {{ as_of.start }}
)

select
    horse_id, race_date as as_of_date,
    sections_sum as sectional_runs,
    early_pos_share_avg, mid_pos_share_avg, late_pos_share_avg,
    cast(gain_early_sum as double precision) / nullif(gain_early_n, 0) as gain_early_finish_avg,
    cast(gain_mid_sum as double precision) / nullif(gain_mid_n, 0) as gain_mid_finish_avg,
    sec_z_early_avg, sec_z_mid_avg, sec_z_finish_avg,
    {{ running_style('early_pos_share_avg') }} as running_style,
    fader_sum as fader_count,
    closer_sum as closer_count,
    front_sum as front_count,
    cast(fader_sum as double precision) / nullif(kick_n, 0) as fader_rate,
    cast(closer_sum as double precision) / nullif(kick_n, 0) as closer_rate,
    cast(placed_front_sum as double precision) / nullif(kick_n, 0) as front_rate,
    case when kick_n >= 2
        then sqrt(cast(kick_n * kick_sq_sum - kick_sum * kick_sum as double precision)) / kick_n
    end as kick_consistency,
    break_bias
from averaged
