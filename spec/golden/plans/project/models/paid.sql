{{ config(materialized='ephemeral', event_time='day') }}
select * from {{ ref('stg') }} where amount > 0
