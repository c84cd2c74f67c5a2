{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['jockey_id', 'as_of_date'],
    separable='check'
) }}

-- The last run is the later of one in the loaded history and one before it, wherever a batch begins.

{{ velocity('jockey_id') }}
