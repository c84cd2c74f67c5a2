{{ config(materialized='table', event_time='race_date') }}

-- One row per run with a time, in the order of time. A figure compares the run with the winners'
-- times of its course, distance, surface and going group over the days before its own: it is fixed
-- on that day (racing.md §7.23). Earned in the race: a feature of later races only.
with winners as (
    select race_id, race_date, course, distance_m, surface, going_group,
        min({{ microseconds('finish_time_s') }}) as time_us
    from {{ ref('runs') }} as runs
    where won = 1 and finish_time_s is not null
    group by race_id, race_date, course, distance_m, surface, going_group
),

events as (
    select course, distance_m, surface, going_group, race_date,
        count(time_us) as races, sum(time_us) as total_us, sum({{ wide('time_us') }} * time_us) as total_sq
    from (
        select race_date, course, distance_m, surface, going_group, time_us from winners
        union all
        select distinct race_date, course, distance_m, surface, going_group, cast(null as bigint)
        from {{ ref('runs') }} as runs
    ) as days
    group by course, distance_m, surface, going_group, race_date
),

pars as (
    select course, distance_m, surface, going_group, race_date,
        sum(races) over earlier as races, sum(total_us) over earlier as total_us,
        sum(total_sq) over earlier as total_sq
    from events
    window earlier as (partition by course, distance_m, surface, going_group order by race_date {{ past_career() }})
)

select
    runs.race_id, runs.horse_id, runs.race_date, runs.race_no,
    cast(pars.races as bigint) as par_races,
    cast(pars.total_us as double precision) / pars.races / 1e6 as par_time_s,
    {{ speed_figure(microseconds('runs.finish_time_s'), 'pars.races', 'pars.total_us', 'pars.total_sq') }} as speed_figure
from {{ ref('runs') }} as runs
left join pars
    on pars.race_date = runs.race_date and pars.course = runs.course
    and pars.distance_m = runs.distance_m and pars.surface = runs.surface
    and pars.going_group = runs.going_group
where {{ is_run() }} and runs.finish_time_s is not null
