{{ config(enabled=reads_source('rpscrape')) }}

-- Result rows to the common staging layout. Non-runners are NR; every runner of a void race is VOI, which is no result.
with runners as (
    select
        *,
        case pos when 'NR' then 'WD' when 'VOI' then null else pos end as pos_raw
    from {{ ref('stg_rpscrape_rows') }} as result_rows
),

races as (
    select
        race_id,
        count({{ leading_digits('pos_raw') }}) > 0 as has_result,
        -- The layout has no race number: races of a day and course in the order of their off.
        cast(row_number() over (
            partition by min(race_date), min(course) order by min(off_at) nulls last, race_id
        ) as integer) as race_no
    from runners
    group by race_id
)

select
    runners.race_id, runners.race_date, runners.off_at, runners.course, races.race_no,
    runners.distance_m, runners.surface, runners.going,
    {{ going_group('exact', 'any_word') }} as going_group,
    runners.race_name, coalesce(runners.pattern, runners.class) as class_raw,
    {{ class_points('runners.pattern', 'runners.class', 'runners.race_name', 'runners.age_band') }} as class_rating,
    coalesce(
        runners.rating_band is not null or regexp_matches(lower(runners.race_name), 'handicap|nursery|h''cap'), false
    ) as is_handicap,
    -- A row's prize is what the runner won: an outcome, not the prize of the race.
    cast(null as double precision) as prize,
    runners.horse as horse_id, runners.jockey as jockey_id, runners.trainer as trainer_id,
    runners.draw, cast(runners.weight_lbs as double precision) as weight_lbs,
    runners.rating, runners.age, runners.sex,
    runners.pos_raw,
    {{ runner_status('runners.pos_raw', 'races.has_result') }} as status,
    {{ leading_digits('runners.pos_raw') }} as pos_num,
    runners.odds, runners.finish_time_s,
    cast(null as integer) as n_sections,
    cast(null as integer) as early_pos, cast(null as integer) as mid_pos, cast(null as integer) as late_pos,
    cast(null as double precision) as early_time_s, cast(null as double precision) as mid_time_s,
    cast(null as double precision) as finish_section_time_s,
    -- The test rpscrape_values_are_read counts the others.
    case when runners.date_text is not null and runners.race_date is null then {{ removed('race_date', 'runners.date_text') }} end as unreadable
from runners
join races on races.race_id = runners.race_id
left join {{ ref('going_group') }} as exact
    on exact.surface = runners.surface and exact.going = runners.going
left join {{ ref('going_group') }} as any_word
    on any_word.surface = runners.surface and any_word.going = '*'
