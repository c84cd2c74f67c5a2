{{ config(materialized='table') }}
select max(amount) as most from {{ ref('daily') }}
