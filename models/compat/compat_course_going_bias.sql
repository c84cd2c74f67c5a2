{{ config(materialized='view', as_of='as_of_date', alias='course_going_bias') }}

select
    course, going_group as going, attribute, as_of_date, win_iv_365d as win_iv, place_iv_365d as place_iv,
    z_365d as z, sample_size_365d as sample_size, persistence_flag_365d as persistence_flag
from {{ ref('course_going_bias') }} as ours
