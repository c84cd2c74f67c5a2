{{ config(materialized='view', as_of='as_of_date', alias='trainer_velocity') }}

select
    trainer_id, as_of_date, sr_14d, runs_14d, wins_14d, sr_30d, runs_30d, wins_30d, sr_90d, runs_90d,
    wins_90d, sr_365d, runs_365d, wins_365d, ae_90d, days_since_last_run
from {{ ref('trainer_velocity') }} as ours
