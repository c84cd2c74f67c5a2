{{ config(materialized='view', event_time='race_date') }}

-- What is on the card: one row per (race, declared runner), withdrawn ones included (racing.md §7.2).
select
    source_system, race_id, horse_id, race_date, off_at, {{ decision_ts('off_at') }} as decision_ts,
    course, race_no, distance_m, distance_band, surface, going,
    going_group, race_name, class_raw, class_rating, is_handicap, jockey_id, trainer_id,
    draw, stall_third, weight_lbs, rating, is_starter, starters, places_paid, place_fraction
from {{ ref('runs') }}
