{{ config(enabled=reads_source('uk'), event_time='snapshot_at') }}

-- Prices before the off of the runners in stg_uk_runs. A horse runs once a day, but can be on the cards of
-- two courses: the price names the course and not the race.
select
    runs.race_id, runs.horse_id, ticks.book,
    timezone('Europe/London', ticks.ts) as snapshot_at,
    -- Eight times a bookmaker has two prices in one second.
    min(ticks.px) as odds
from {{ source('uk', 'odds_ticks') }} as ticks
join {{ ref('stg_uk_runs') }} as runs
    on runs.race_date = ticks.race_date and runs.horse_id = ticks.horse_key
    and {{ uk_course_key('runs.course') }} = ticks.course_key
where timezone('Europe/London', ticks.ts) < runs.off_at
group by runs.race_id, runs.horse_id, ticks.book, ticks.ts
