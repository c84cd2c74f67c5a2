{{ config(enabled=reads_source('uk'), event_time='race_date') }}

-- Prices before the off of the runners in stg_uk_runs. A horse runs once a day, but can be on the cards of
-- two courses: the price names the course and not the race.
select
    runs.race_id, runs.horse_id, runs.race_date, ticks.book,
    {{ by_clock_of_off('ticks.ts', 'runs.off_at', "'Europe/London'") }} as snapshot_at,
    -- Eight times a bookmaker has two prices in one second.
    min(ticks.px) as price
from {{ source('uk', 'odds_ticks') }} as ticks
join {{ ref('stg_uk_runs') }} as runs
    on runs.race_date = ticks.race_date and runs.horse_id = ticks.horse_key
    and {{ uk_course_key('runs.course') }} = ticks.course_key
where ticks.ts < timezone('Europe/London', runs.off_at)
    -- Not books of their own: the highest of the others, and each horse's first price again.
    and ticks.book not in ('Best', 'ORI', 'BFOri')
group by runs.race_id, runs.horse_id, runs.race_date, runs.off_at, ticks.book, ticks.ts
