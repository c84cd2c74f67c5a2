{{ config(materialized='view') }}

{{ newest_rows(ref('trainer_jockey_combo'), ['trainer_id', 'jockey_id']) }}
