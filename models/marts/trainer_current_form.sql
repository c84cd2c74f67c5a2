{{ config(materialized='view', as_of='as_of_date') }}

{{ newest_rows(ref('trainer_velocity'), ['trainer_id']) }}
