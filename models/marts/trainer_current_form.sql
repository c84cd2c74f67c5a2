{{ config(materialized='view') }}

{{ newest_rows(ref('trainer_velocity'), ['trainer_id']) }}
