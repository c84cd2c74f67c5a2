{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['race_id', 'horse_id', 'as_of_date']
) }}

with card as (
    select race_id, horse_id, race_date, class_rating
    from {{ ref('spine', history='0 days') }} as spine
),

past as (
    select
        horse_id, race_date, class_rating,
        lead(race_date) over (partition by horse_id order by {{ run_order() }}) as next_date
    from {{ ref('runs') }} as runs
    where {{ is_run() }} and horse_id in (select horse_id from card)
),

last_of_day as (
    select horse_id, race_date, class_rating from past
    where next_date is null or next_date > race_date
),

compared as (
    select
        card.*, last_of_day.class_rating as prev_class_rating,
        card.class_rating - last_of_day.class_rating as class_change
    from card
    {{ join_latest_before('last_of_day', 'last_of_day', 'horse_id', 'card.horse_id', 'card.race_date') }}
)

select
    race_id, horse_id, race_date as as_of_date,
    class_rating, prev_class_rating, class_change,
    coalesce(class_change > 0, false) as class_step_up,
    coalesce(class_change < 0, false) as class_step_down
from compared
