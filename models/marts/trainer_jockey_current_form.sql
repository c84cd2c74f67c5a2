{{ config(materialized='view', as_of='as_of_date') }}

{{ newest_rows(ref('trainer_jockey_combo'), ['trainer_id', 'jockey_id']) }}
