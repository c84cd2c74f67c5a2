{{ config(materialized='table', event_time='race_date') }}

-- One row per (race, declared horse), whatever the source (racing-mapping.md).
with declared as (
    select
        source_system,
        {%- for id in ['race_id', 'course', 'horse_id', 'jockey_id', 'trainer_id'] %}
        {{ namespaced(id) }} as {{ id }},
        {%- endfor %}
        race_date, off_at, race_no, distance_m, surface, going, going_group, race_name, class_raw, class_rating, is_handicap,
        draw, weight_lbs, rating, pos_raw, status, pos_num, odds, finish_time_s, n_sections, early_pos, mid_pos, late_pos,
        status <> 'withdrawn' as is_starter,
        {{ microseconds('early_time_s') }} as early_us,
        {{ microseconds('mid_time_s') }} as mid_us,
        {{ microseconds('finish_section_time_s') }} as finish_us,
        case when status <> 'withdrawn' then {{ fixed("1.0 / odds", 15) }} end as price_share
    from {{ ref('staged_runs') }} as staged
    where rejected is distinct from 'row'
),

races as (
    select
        race_id,
        cast(count(*) filter (where is_starter) as integer) as starters,
        cast(count(*) filter (where pos_num = 1) as integer) as winners,
        count(pos_num) > 0 as has_result,
        min(odds) filter (where is_starter) as lowest_odds,
        case
            when count(price_share) = count(*) filter (where is_starter) then {{ total('price_share') }}
        end as book
        {%- for section in ['early', 'mid', 'finish'] %},
        count({{ section }}_us) filter (where is_starter) as {{ section }}_n,
        sum({{ section }}_us) filter (where is_starter) as {{ section }}_total,
        sum({{ section }}_us * {{ section }}_us) filter (where is_starter) as {{ section }}_total_sq
        {%- endfor %}
    from declared
    group by race_id
),

joined as (
    select
        declared.*,
        races.starters, races.winners, races.has_result, races.lowest_odds, races.book,
        {%- for section in ['early', 'mid', 'finish'] %}
        races.{{ section }}_n, races.{{ section }}_total, races.{{ section }}_total_sq,
        {%- endfor %}
        {{ places_paid('races.starters', 'declared.is_handicap') }} as places_paid,
        declared.is_starter and races.has_result as is_run
    from declared
    join races on races.race_id = declared.race_id
)

select
    source_system, race_id, race_date, off_at, course, race_no, distance_m,
    {{ distance_band('distance_m') }} as distance_band,
    surface, going, going_group, race_name, class_raw, class_rating, is_handicap,
    horse_id, jockey_id, trainer_id, draw,
    case when is_starter then {{ stall_third('draw', 'starters') }} end as stall_third,
    weight_lbs, rating,
    pos_raw, status, pos_num, is_starter, has_result, starters, winners,
    case when is_run then cast(coalesce(pos_num = 1, false) as integer) end as won,
    places_paid,
    cast({{ place_fraction('starters', 'is_handicap') }} as double precision) as place_fraction,
    case when is_run then cast(coalesce(pos_num <= places_paid, false) as integer) end as placed,
    cast(case when is_run then {{ finish_pct('pos_num', 'starters') }} end as double precision) as finish_pct,
    cast(case when is_starter then 1.0 / {{ real('starters') }} end as double precision) as e0,
    cast(case when is_starter then least(places_paid, starters) * 1.0 / {{ real('starters') }} end as double precision) as e0_place,
    case when is_starter then odds end as odds,
    case when is_starter then {{ devig('odds', 'book') }} end as market_e,
    coalesce(is_starter and odds = lowest_odds, false) as is_favourite,
    case when is_run then cast(coalesce(pos_num = 1, false) as integer) * odds / winners - 1.0 end as value,
    case when is_starter then finish_time_s end as finish_time_s,
    n_sections, early_pos, mid_pos, late_pos,
    case when is_starter then {{ section_z('early_us', 'early_n', 'early_total', 'early_total_sq') }} end as sec_z_early,
    case when is_starter then {{ section_z('mid_us', 'mid_n', 'mid_total', 'mid_total_sq') }} end as sec_z_mid,
    case when is_starter then {{ section_z('finish_us', 'finish_n', 'finish_total', 'finish_total_sq') }} end as sec_z_finish
from joined
