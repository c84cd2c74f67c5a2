{{ config(materialized='view', event_time='day') }}
select id, day::date as day, amount from {{ ref('sales') }}
