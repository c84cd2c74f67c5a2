{{ config(materialized='view', as_of='as_of_date') }}

{{ newest_rows(ref('jockey_velocity'), ['jockey_id']) }}
