{{ config(materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01', lookback=1, separable='assume') }}
select {{ as_of.end }} - 1 as d, sum(amount) * {{ var('rate') }} as amount from {{ ref('paid') }}
