{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['trainer_id', 'as_of_date']
) }}

{{ velocity('trainer_id') }}
