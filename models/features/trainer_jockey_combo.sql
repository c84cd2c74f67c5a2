{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['trainer_id', 'jockey_id', 'as_of_date']
) }}

-- What a trainer and a jockey do together, against what each does alone.
with probes as (
    select distinct trainer_id, jockey_id, {{ day_of_system() | join(', ') }}
    from {{ ref('spine', history='0 days') }} as spine
    where trainer_id is not null and jockey_id is not null
),

days as (
    select
        trainer_id, jockey_id, race_date,
        {{ total_if_any('runs') }} as runs, {{ total_if_any('wins') }} as wins, {{ total_if_any('e0') }} as e0
    from (
        select trainer_id, jockey_id, race_date, 1 as runs, won as wins, {{ fixed('e0') }} as e0
        from {{ ref('runs', history='365 days') }} as runs
        where {{ is_run() }}
            and exists (select 1 from probes where {{ same('probes', 'runs', ['trainer_id', 'jockey_id']) }})
        union all
        select trainer_id, jockey_id, race_date, null, null, null from probes
    ) as events
    group by trainer_id, jockey_id, race_date
),

windowed as (
    select
        trainer_id, jockey_id, race_date,
        cast(coalesce(sum(runs) over last_365, 0) as bigint) as runs,
        cast(coalesce(sum(wins) over last_365, 0) as bigint) as wins,
        sum(e0) over last_365 as e0
    from days
    window last_365 as (partition by trainer_id, jockey_id order by race_date {{ past_days(365) }})
),

field as ({{ mean_e0_by_day() }}),

rated as (
    select
        probes.*, windowed.runs, windowed.wins,
        {{ shrunk_rate('windowed.wins', 'windowed.runs', 'windowed.e0', 'field.mean_e0') }} as combo_sr
    from probes
    join windowed
        on windowed.trainer_id = probes.trainer_id and windowed.jockey_id = probes.jockey_id
        and windowed.race_date = probes.race_date
    left join field on {{ same('field', 'probes', day_of_system()) }}
)

select
    rated.trainer_id, rated.jockey_id, rated.race_date as as_of_date,
    rated.combo_sr, rated.runs, rated.wins,
    rated.combo_sr - (trainers.sr_90d + jockeys.sr_90d) / 2 as uplift
from rated
left join {{ ref('trainer_velocity', history='0 days') }} as trainers
    on trainers.trainer_id = rated.trainer_id and trainers.as_of_date = rated.race_date
left join {{ ref('jockey_velocity', history='0 days') }} as jockeys
    on jockeys.jockey_id = rated.jockey_id and jockeys.as_of_date = rated.race_date
