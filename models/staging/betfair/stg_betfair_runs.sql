{{ config(enabled=reads_source('betfair')) }}

-- The exchange's markets to the common staging layout: those of the summary, and horse races of the stream that it does
-- not have. A market says who won and, in its place market, who was placed: other positions are not known.
{%- set horse_racing = '7' %}

with summary as (
    select *
    from {{ source('betfair', 'summary') }}
    -- A second place market of a race repeats its rows: the one with prices counts.
    qualify row_number() over (
        partition by "WIN_MARKET_ID", "SELECTION_ID" order by "PLACE_BSP" is null, "PLACE_RESULT" is null, "PLACE_MARKET_ID"
    ) = 1
),

places as (
    select event_id, off_utc, selection_id, bool_or(status = 'WINNER') as is_placed
    from {{ ref('stg_betfair_stream_runners') }} as runners
    where market_type = 'PLACE'
    group by event_id, off_utc, selection_id
),

stream as (
    select runners.*, coalesce(places.is_placed, false) as is_placed
    from {{ ref('stg_betfair_stream_runners') }} as runners
    left join places
        on places.event_id = runners.event_id and places.off_utc = runners.off_utc
        and places.selection_id = runners.selection_id
    where runners.market_type = 'WIN' and runners.event_type_id = '{{ horse_racing }}'
        and runners.market_id not in (select '1.' || "WIN_MARKET_ID" from summary)
),

runners as (
    select
        '1.' || "WIN_MARKET_ID" as race_id, "LOCAL_MEETING_DATE" as race_date,
        "LOCAL_MEETING_DATE" + cast("SCHEDULED_RACE_TIME" as time) as off_at, "TRACK" as course,
        cast("RACE_NO" as integer) as given_race_no, cast("DISTANCE" as integer) as distance_m,
        "WIN_MARKET_NAME" as race_name, "RACE_TYPE" as race_type,
        cast("SELECTION_ID" as varchar) as horse_id,
        case
            when "WIN_RESULT" = 'WINNER' then '1'
            when "PLACE_RESULT" = 'WINNER' then '2'
            when "WIN_RESULT" = 'LOSER' then 'UNP'
        end as pos_raw,
        "WIN_BSP" as odds
    from summary
    union all
    select
        market_id, cast(off_at as date), off_at, venue, cast(null as integer), {{ betfair_distance('market_name') }},
        market_name, nullif(regexp_extract(market_name, '(Grp[123]|Listed|Hcap)'), ''), selection_id,
        case status
            when 'WINNER' then '1'
            when 'LOSER' then case when is_placed then '2' else 'UNP' end
            when 'REMOVED' then 'WD'
        end,
        bsp
    from stream
),

races as (
    select
        race_id, count({{ leading_digits('pos_raw') }}) > 0 as has_result,
        cast(row_number() over (partition by min(race_date), min(course) order by min(off_at), race_id) as integer) as race_no
    from runners
    group by race_id
)

select
    runners.race_id, runners.race_date, runners.off_at, runners.course,
    coalesce(runners.given_race_no, races.race_no) as race_no, runners.distance_m,
    cast(null as varchar) as surface, cast(null as varchar) as going, 'unknown' as going_group,
    runners.race_name, runners.race_type as class_raw,
    {{ betfair_class_rating('runners.race_type') }} as class_rating,
    coalesce(runners.race_name like '%Hcap%', false) as is_handicap,
    cast(null as double precision) as prize,
    runners.horse_id, cast(null as varchar) as jockey_id, cast(null as varchar) as trainer_id,
    cast(null as integer) as draw, cast(null as double precision) as weight_lbs, cast(null as integer) as rating,
    cast(null as integer) as age, cast(null as varchar) as sex,
    runners.pos_raw,
    case
        when {{ leading_digits('runners.pos_raw') }} is not null then 'finished'
        when runners.pos_raw = 'WD' then 'withdrawn'
        when not races.has_result then 'declared'
        else coalesce(runners.pos_raw, 'unknown')
    end as status,
    {{ leading_digits('runners.pos_raw') }} as pos_num,
    runners.odds, cast(null as double precision) as finish_time_s, cast(null as integer) as n_sections,
    cast(null as integer) as early_pos, cast(null as integer) as mid_pos, cast(null as integer) as late_pos,
    cast(null as double precision) as early_time_s, cast(null as double precision) as mid_time_s,
    cast(null as double precision) as finish_section_time_s,
    cast(null as varchar) as unreadable
from runners
join races on races.race_id = runners.race_id
