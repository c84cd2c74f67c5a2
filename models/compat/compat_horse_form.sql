{{ config(materialized='view', as_of='as_of_date', alias='horse_form') }}

select
    horse_id, as_of_date, form_ewma, form_slope, form_var, speed_runs, speed_last, speed_avg6, speed_best6,
    speed_trend, last_run_days, runs_last_90d, career_runs, career_wins, career_places, last5_runs,
    last5_wins, last5_places, last5_win_rate, last5_place_rate, last5_avg_pos, last5_avg_finish_pct,
    last5_best_finish_pct, form_momentum, form_recency
from {{ ref('horse_form') }} as ours
