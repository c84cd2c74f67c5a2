{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['race_id', 'horse_id', 'as_of_date'],
    batch_size=730
) }}

-- Two years at a time: eleven joins of wide rows would otherwise hold all of history in memory.
-- Every starter with what was known before the race, how it compares with its field, and its labels.
{%- set velocity_columns = [
    'sr_14d', 'runs_14d', 'wins_14d', 'sr_30d', 'runs_30d', 'wins_30d', 'sr_90d', 'runs_90d',
    'wins_90d', 'sr_365d', 'runs_365d', 'wins_365d', 'ae_90d', 'days_since_last_run',
] %}
{%- set market_columns = [
    'best_price', 'implied_prob', 'devig_prob', 'price_rank', 'is_favourite', 'open_prob', 'move', 'velocity_per_hour',
    'last_hour_move', 'spread', 'volume', 'books', 'snapshots', 'price_age_minutes',
] %}
{%- set suitability_columns = [
    'distance_m_change', 'distance_m_diff_placed', 'distance_finish_pct_avg', 'distance_speed_avg', 'weight_change',
    'weight_diff_career', 'weight_diff_placed', 'weight_diff_max_won', 'course_distance_runs', 'course_distance_wins',
    'course_distance_sr', 'course_distance_sr_diff', 'stall_runs', 'stall_wins', 'stall_sr', 'stall_sr_diff',
    'going_finish_pct_avg', 'wet_runs', 'wet_wins', 'wet_sr', 'wet_sr_diff', 'is_course_specialist',
    'is_distance_specialist', 'is_going_specialist', 'is_course_distance_specialist', 'is_wet_specialist',
] %}
{%- set attributes = ['low_draw', 'high_draw', 'favourite', 'front_runner'] %}
{%- set measures = ['win_iv_365d', 'z_365d', 'win_iv_1095d', 'z_1095d'] %}
{#- Name of a pair _pct, _diff → the compared column. #}
{%- set compared_columns = {
    'elo': 'elo', 'trainer_sr_90d': 'trainer_sr_90d', 'jockey_sr_90d': 'jockey_sr_90d',
    'form_ewma': 'form_ewma', 'career_sr': 'career_sr', 'weight': 'weight_lbs', 'rating': 'rating',
} %}

with card as (
    select * from {{ ref('spine', history='0 days') }} as spine where is_starter
),

trainers as (select * from {{ ref('trainer_velocity', history='0 days') }} as t),
jockeys as (select * from {{ ref('jockey_velocity', history='0 days') }} as t),
form as (select * from {{ ref('horse_form', history='0 days') }} as t),
ratings as (select * from {{ ref('horse_elo', history='0 days') }} as t),
preferences as (select * from {{ ref('horse_preferences', history='0 days') }} as t),
suitability as (select * from {{ ref('horse_suitability', history='0 days') }} as t),
pairs as (select * from {{ ref('connections', history='0 days') }} as t),
classes as (select * from {{ ref('class_profile', history='0 days') }} as t),
draws as (select * from {{ ref('draw_bias', history='0 days') }} as t),
combos as (select * from {{ ref('trainer_jockey_combo', history='0 days') }} as t),
sections as (select * from {{ ref('horse_sectionals', history='0 days') }} as t),
prices as (select * from {{ ref('market', history='0 days') }} as t),

outcomes as (
    select race_id, horse_id, race_date, won, placed, value from {{ ref('runs', history='0 days') }} as t
),

biases as (
    select course, going_group, as_of_date
        {%- for attribute in attributes %}
        {%- for measure in measures %},
        max(case when attribute = '{{ attribute }}' then {{ measure }} end) as bias_{{ attribute }}_{{ measure }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('course_going_bias', history='0 days') }} as t
    group by course, going_group, as_of_date
),

-- Only the compared columns go through the windows: sorting whole rows would cost the memory.
compared as (
    select
        card.race_id, card.horse_id, card.race_date, ratings.elo,
        trainers.sr_90d as trainer_sr_90d, jockeys.sr_90d as jockey_sr_90d,
        form.form_ewma, preferences.career_sr, card.weight_lbs, card.rating
    from card
    left join ratings on ratings.horse_id = card.horse_id and ratings.as_of_date = card.race_date
    left join trainers on trainers.trainer_id = card.trainer_id and trainers.as_of_date = card.race_date
    left join jockeys on jockeys.jockey_id = card.jockey_id and jockeys.as_of_date = card.race_date
    left join form on form.horse_id = card.horse_id and form.as_of_date = card.race_date
    left join preferences
        on preferences.race_id = card.race_id and preferences.horse_id = card.horse_id
        and preferences.as_of_date = card.race_date
),

field as (
    select race_id, horse_id, race_date
        {%- for name, column in compared_columns.items() %},
        {{ field_percentile(column) }} as {{ name }}_pct,
        {{ field_difference(column) }} as {{ name }}_diff
        {%- endfor %}
    from compared
)

select
    card.race_id, card.horse_id, card.race_date as as_of_date, card.race_date, card.decision_ts,
    card.course, card.race_no, card.distance_m, card.distance_band, card.surface, card.going,
    card.going_group, card.is_handicap, card.jockey_id, card.trainer_id, card.draw,
    card.stall_third, card.weight_lbs, card.rating, card.starters, card.places_paid,
    card.starters as field_size,
    cast(card.draw as double precision) / card.starters as draw_share,
    {%- for entity, alias in {'trainer': 'trainers', 'jockey': 'jockeys'}.items() %}
    {%- for column in velocity_columns %}
    {{ alias }}.{{ column }} as {{ entity }}_{{ column }},
    {%- endfor %}
    {%- endfor %}
    combos.combo_sr, combos.runs as combo_runs, combos.wins as combo_wins, combos.uplift as combo_uplift,
    form.form_ewma, form.form_slope, form.form_var, form.speed_runs, form.speed_last,
    form.speed_avg6, form.speed_best6, form.speed_trend, form.last_run_days, form.runs_last_90d,
    form.career_runs, form.career_wins, form.career_places, form.last5_runs, form.last5_wins,
    form.last5_places, form.last5_win_rate, form.last5_place_rate, form.last5_avg_pos,
    form.last5_avg_finish_pct, form.last5_best_finish_pct, form.form_momentum, form.form_recency,
    ratings.elo, ratings.elo_runs,
    sections.sectional_runs, sections.early_pos_share_avg, sections.mid_pos_share_avg,
    sections.late_pos_share_avg, sections.gain_early_finish_avg, sections.gain_mid_finish_avg,
    sections.sec_z_early_avg, sections.sec_z_mid_avg, sections.sec_z_finish_avg,
    sections.running_style, sections.fader_count, sections.closer_count, sections.front_count,
    sections.fader_rate, sections.closer_rate, sections.front_rate, sections.kick_consistency,
    sections.break_bias,
    preferences.career_sr,
    {%- for name in ['course', 'distance', 'going', 'surface', 'class'] %}
    preferences.{{ name }}_runs, preferences.{{ name }}_wins, preferences.{{ name }}_sr, preferences.{{ name }}_sr_diff,
    {%- endfor %}
    {%- for column in suitability_columns %}
    suitability.{{ column }},
    {%- endfor %}
    {%- for name in ['jockey_horse', 'trainer_horse', 'jockey_course', 'trainer_course'] %}
    pairs.{{ name }}_runs, pairs.{{ name }}_wins, pairs.{{ name }}_sr,
    {%- endfor %}
    classes.class_rating, classes.prev_class_rating, classes.class_change,
    classes.class_step_up, classes.class_step_down,
    draws.draw_iv_low, draws.draw_iv_mid, draws.draw_iv_high,
    draws.optimal_range as draw_optimal_range, draws.sample_size as draw_sample_size, draws.z as draw_z,
    {%- for attribute in attributes %}
    {%- for measure in measures %}
    biases.bias_{{ attribute }}_{{ measure }},
    {%- endfor %}
    {%- endfor %}
    {%- for column in market_columns %}
    prices.{{ column }} as market_{{ column }},
    {%- endfor %}
    {%- for name in compared_columns %}
    field.{{ name }}_pct, field.{{ name }}_diff,
    {%- endfor %}
    form.career_runs = 0 as is_debutant,
    coalesce(pairs.jockey_horse_runs = 0, false) as is_first_time_jockey,
    coalesce(form.last_run_days > 180, false) as is_long_absence,
    form.career_runs < 3 as is_low_sample,
    outcomes.won, outcomes.placed, outcomes.value
from card
left join trainers on trainers.trainer_id = card.trainer_id and trainers.as_of_date = card.race_date
left join jockeys on jockeys.jockey_id = card.jockey_id and jockeys.as_of_date = card.race_date
left join combos
    on combos.trainer_id = card.trainer_id and combos.jockey_id = card.jockey_id
    and combos.as_of_date = card.race_date
left join form on form.horse_id = card.horse_id and form.as_of_date = card.race_date
left join ratings on ratings.horse_id = card.horse_id and ratings.as_of_date = card.race_date
left join sections on sections.horse_id = card.horse_id and sections.as_of_date = card.race_date
left join preferences
    on preferences.race_id = card.race_id and preferences.horse_id = card.horse_id
    and preferences.as_of_date = card.race_date
left join suitability
    on suitability.race_id = card.race_id and suitability.horse_id = card.horse_id
    and suitability.as_of_date = card.race_date
left join pairs
    on pairs.race_id = card.race_id and pairs.horse_id = card.horse_id
    and pairs.as_of_date = card.race_date
left join classes
    on classes.race_id = card.race_id and classes.horse_id = card.horse_id
    and classes.as_of_date = card.race_date
left join draws
    on draws.course = card.course and draws.distance_band = card.distance_band
    and draws.going_group = card.going_group and draws.as_of_date = card.race_date
left join biases
    on biases.course = card.course and biases.going_group = card.going_group
    and biases.as_of_date = card.race_date
left join prices
    on prices.race_id = card.race_id and prices.horse_id = card.horse_id
    and prices.as_of_date = card.race_date
left join field
    on field.race_id = card.race_id and field.horse_id = card.horse_id
    and field.race_date = card.race_date
left join outcomes
    on outcomes.race_id = card.race_id and outcomes.horse_id = card.horse_id
    and outcomes.race_date = card.race_date
