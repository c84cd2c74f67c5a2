{{ config(materialized='view', as_of='as_of_date') }}

-- The three tables have a row for the same horses and days.
with form as (
    {{ newest_rows(ref('horse_form'), ['horse_id']) }}
)

select
    form.*,
    ratings.elo, ratings.elo_runs,
    sections.sectional_runs, sections.early_pos_share_avg, sections.mid_pos_share_avg,
    sections.late_pos_share_avg, sections.gain_early_finish_avg, sections.gain_mid_finish_avg,
    sections.sec_z_early_avg, sections.sec_z_mid_avg, sections.sec_z_finish_avg,
    sections.running_style, sections.fader_count, sections.closer_count, sections.front_count,
    sections.fader_rate, sections.closer_rate, sections.front_rate, sections.kick_consistency,
    sections.break_bias
from form
left join {{ ref('horse_elo') }} as ratings
    on ratings.horse_id = form.horse_id and ratings.as_of_date = form.as_of_date
left join {{ ref('horse_sectionals') }} as sections
    on sections.horse_id = form.horse_id and sections.as_of_date = form.as_of_date
