{{ config(materialized='view') }}

{{ newest_rows(ref('jockey_velocity'), ['jockey_id']) }}
