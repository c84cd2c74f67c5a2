{{ config(materialized='view', as_of='as_of_date', alias='draw_bias') }}

select
    course, distance_band, going_group, as_of_date, draw_iv_low, draw_iv_mid, draw_iv_high, optimal_range,
    sample_size, z
from {{ ref('draw_bias') }} as ours
