{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['jockey_id', 'as_of_date']
) }}

{{ velocity('jockey_id') }}
