{{ config(materialized='view', as_of='as_of_date', alias='trainer_jockey_combo') }}

select
    trainer_id, jockey_id, as_of_date, combo_sr, runs, wins, uplift
from {{ ref('trainer_jockey_combo') }} as ours
