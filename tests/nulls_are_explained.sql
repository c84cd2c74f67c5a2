{{ config(as_of='as_of_date') }}

-- Every NULL of a feature in training_dataset has one of these reasons; a column that is not named here has none. What
-- each NULL means stands in the column's when_null (models/marts/_marts.yml).
{%- set reasons = {} %}

{#- The card itself says nothing. -#}
{%- for column in ['distance_m', 'surface', 'going', 'jockey_id', 'trainer_id', 'draw', 'weight_lbs', 'rating', 'class_rating'] %}
{%- do reasons.update({column: 'true'}) %}
{%- endfor %}
{%- for column in ['stall_third', 'draw_share'] %}{% do reasons.update({column: 'draw is null'}) %}{% endfor %}

{#- No such person; or no run in the window and none of anybody in the year before, so that there is no p0 either. -#}
{%- for person in ['trainer', 'jockey'] %}
{%- for days in [14, 30, 90, 365] %}
{%- do reasons.update({
    person ~ '_sr_' ~ days ~ 'd': person ~ '_id is null or is_first_year and ' ~ person ~ '_runs_' ~ days ~ 'd = 0',
    person ~ '_runs_' ~ days ~ 'd': person ~ '_id is null',
    person ~ '_wins_' ~ days ~ 'd': person ~ '_id is null',
}) %}
{%- endfor %}
{%- do reasons.update({
    person ~ '_ae_90d': person ~ '_id is null or ' ~ person ~ '_runs_90d = 0 or has_open_books',
    person ~ '_days_since_last_run': person ~ '_id is null or ' ~ person ~ '_runs_365d = 0',
}) %}
{%- for other in ['horse', 'course'] %}
{%- set pair = person ~ '_' ~ other %}
{%- do reasons.update({
    pair ~ '_runs': person ~ '_id is null', pair ~ '_wins': person ~ '_id is null',
    pair ~ '_sr': person ~ '_id is null or is_first_year and ' ~ pair ~ '_runs = 0',
}) %}
{%- endfor %}
{%- endfor %}
{%- set pairless = 'trainer_id is null or jockey_id is null' %}
{%- do reasons.update({
    'combo_runs': pairless, 'combo_wins': pairless,
    'combo_sr': pairless ~ ' or is_first_year and combo_runs = 0',
    'combo_uplift': 'combo_sr is null or trainer_sr_90d is null or jockey_sr_90d is null',
}) %}

{#- Too few runs of the horse, or only runs that say nothing of it. -#}
{%- for column in ['last_run_days', 'last5_win_rate', 'last5_place_rate', 'form_momentum'] %}
{%- do reasons.update({column: 'career_runs = 0'}) %}
{%- endfor %}
{%- for column, least in {'form_ewma': 1, 'last5_avg_finish_pct': 1, 'last5_best_finish_pct': 1, 'form_var': 2, 'form_slope': 3}.items() %}
{%- do reasons.update({column: 'career_runs < ' ~ least ~ ' or has_run_alone'}) %}
{%- endfor %}
{%- for column, least in {'speed_last': 1, 'speed_avg6': 1, 'speed_best6': 1, 'speed_trend': 3}.items() %}
{%- do reasons.update({column: 'speed_runs < ' ~ least}) %}
{%- endfor %}
{%- do reasons.update({'last5_avg_pos': 'coalesce(last5_avg_finish_pct, 0) = 0'}) %}
{%- for column, least in {
    'early_pos_share_avg': 1, 'mid_pos_share_avg': 1, 'late_pos_share_avg': 1, 'gain_early_finish_avg': 1, 'gain_mid_finish_avg': 1,
    'sec_z_early_avg': 1, 'sec_z_mid_avg': 1, 'sec_z_finish_avg': 1, 'fader_rate': 1, 'closer_rate': 1, 'front_rate': 1,
    'break_bias': 1, 'kick_consistency': 2,
}.items() %}
{%- do reasons.update({column: 'sectional_runs < ' ~ least ~ ' or has_gaps_in_sections'}) %}
{%- endfor %}

{#- Today's race has no such thing; or the horse has no run alike, and there is no p0. -#}
{%- do reasons.update({'career_sr': 'is_first_year and career_runs = 0'}) %}
{%- for name, dimension in {'course': 'course', 'distance': 'distance_band', 'going': 'going_group', 'surface': 'surface', 'class': 'class_rating'}.items() %}
{%- set unsaid = dimension ~ ' is null' %}
{%- do reasons.update({
    name ~ '_runs': unsaid, name ~ '_wins': unsaid,
    name ~ '_sr': unsaid ~ ' or is_first_year and ' ~ name ~ '_runs = 0',
    name ~ '_sr_diff': name ~ '_sr is null or career_sr is null',
}) %}
{%- endfor %}
{%- do reasons.update({
    'prev_class_rating': 'career_runs = 0 or has_run_unclassed',
    'class_change': 'class_rating is null or prev_class_rating is null',
}) %}

{#- Nobody quoted a price before the decision, or too few; or the source has no clock, or says no volumes. -#}
{%- for column in ['best_price', 'implied_prob', 'price_rank', 'open_prob', 'move', 'price_age_minutes'] %}
{%- do reasons.update({'market_' ~ column: 'market_snapshots = 0'}) %}
{%- endfor %}
{%- do reasons.update({
    'decision_ts': 'true', 'market_volume': 'true',
    'market_devig_prob': 'has_unpriced_runner',
    'market_velocity_per_hour': 'market_snapshots <= market_books',
    'market_last_hour_move': 'market_snapshots = 0 or market_price_age_minutes < 60',
    'market_spread': 'market_books < 2',
}) %}

{#- The horse has no run to compare today with, or the card or that run does not say. -#}
{%- for name in ['course_distance', 'wet'] %}
{%- do reasons.update({name ~ '_sr': 'is_first_year and ' ~ name ~ '_runs = 0', name ~ '_sr_diff': name ~ '_sr is null or career_sr is null'}) %}
{%- endfor %}
{%- do reasons.update({
    'stall_runs': 'stall_third is null', 'stall_wins': 'stall_third is null',
    'stall_sr': 'stall_third is null or is_first_year and stall_runs = 0',
    'stall_sr_diff': 'stall_sr is null or career_sr is null',
    'distance_m_change': 'career_runs = 0 or distance_m is null or has_run_unmeasured',
    'distance_m_diff_placed': 'career_places = 0 or distance_m is null or has_run_unmeasured',
    'distance_finish_pct_avg': 'distance_runs = 0 or has_run_alone',
    'distance_speed_avg': 'distance_runs = 0 or speed_runs < career_runs',
    'going_finish_pct_avg': 'going_runs = 0 or has_run_alone',
    'weight_change': 'career_runs = 0 or weight_lbs is null or has_run_unweighed',
    'weight_diff_career': 'career_runs = 0 or weight_lbs is null or has_run_unweighed',
    'weight_diff_placed': 'career_places = 0 or weight_lbs is null or has_run_unweighed',
    'weight_diff_max_won': 'career_wins = 0 or weight_lbs is null or has_run_unweighed',
}) %}

{#- No run from those stalls or of that kind in the window: the impact value is 1. -#}
{%- do reasons.update({'draw_optimal_range': 'draw_sample_size = 0', 'draw_z': 'draw_iv_low = 1'}) %}
{%- for attribute in ['low_draw', 'high_draw', 'favourite', 'front_runner'] %}
{%- for window in ['365d', '1095d'] %}
{%- set bias = 'bias_' ~ attribute %}
{%- do reasons.update({bias ~ '_z_' ~ window: bias ~ '_win_iv_' ~ window ~ ' = 1'}) %}
{%- endfor %}
{%- endfor %}

{#- What is compared with the field is NULL itself. -#}
{%- for name, column in {
    'trainer_sr_90d': 'trainer_sr_90d', 'jockey_sr_90d': 'jockey_sr_90d', 'form_ewma': 'form_ewma',
    'career_sr': 'career_sr', 'weight': 'weight_lbs', 'rating': 'rating',
}.items() %}
{%- do reasons.update({name ~ '_pct': column ~ ' is null', name ~ '_diff': column ~ ' is null'}) %}
{%- endfor %}

{#- Labels wait for the result; the profit also needs a price. -#}
{%- do reasons.update({'won': 'true', 'placed': 'won is null', 'value': 'true'}) %}

{%- set columns = adapter.get_columns_in_relation(ref('training_dataset')) | map(attribute='name') | list if execute else [] %}

with past as (
    select race_date, starters, horse_id, class_rating, distance_m, weight_lbs, market_e, early_pos, mid_pos, late_pos, pos_num,
        sec_z_early, sec_z_mid, sec_z_finish
    from {{ ref('runs') }} as runs
    where {{ is_run() }}
),

-- A p0 needs a run of anybody in the 365 days before.
days as (
    select dataset.as_of_date, count(past.race_date) = 0 as is_first_year
    from (select distinct as_of_date from {{ ref('training_dataset') }} as dataset) as dataset
    left join (select distinct race_date from past) as past
        on past.race_date < dataset.as_of_date and past.race_date >= dataset.as_of_date - interval '365 days'
    group by dataset.as_of_date
),

horses as (
    select
        horse_id,
        max(case when starters = 1 then 1 else 0 end) = 1 as has_run_alone,
        max(case when class_rating is null then 1 else 0 end) = 1 as has_run_unclassed,
        max(case when distance_m is null then 1 else 0 end) = 1 as has_run_unmeasured,
        max(case when weight_lbs is null then 1 else 0 end) = 1 as has_run_unweighed,
        max(case
            when early_pos is not null and (
                mid_pos is null or late_pos is null or pos_num is null or starters = 1
                or sec_z_early is null or sec_z_mid is null or sec_z_finish is null
            ) then 1 else 0
        end) = 1 as has_gaps_in_sections
    from past
    group by horse_id
),

dataset as (
    select
        dataset.*, days.is_first_year,
        min(dataset.market_snapshots) over (partition by dataset.race_id) = 0 as has_unpriced_runner,
        coalesce(horses.has_run_alone, false) as has_run_alone,
        coalesce(horses.has_run_unclassed, false) as has_run_unclassed,
        coalesce(horses.has_run_unmeasured, false) as has_run_unmeasured,
        coalesce(horses.has_run_unweighed, false) as has_run_unweighed,
        coalesce(horses.has_gaps_in_sections, false) as has_gaps_in_sections,
        (select count(*) - count(market_e) > 0 from past) as has_open_books
    from {{ ref('training_dataset') }} as dataset
    join days on days.as_of_date = dataset.as_of_date
    left join horses on horses.horse_id = dataset.horse_id
)

{%- set unexplained = [] %}
{%- for column in columns %}
{%- do unexplained.append("\n        case when count(*) filter (where " ~ column ~ " is null and not coalesce(" ~ reasons.get(column, 'false')
    ~ ", false)) > 0 then '" ~ column ~ "' end") %}
{%- endfor %}

select unexplained
from (
    select {{ listed(unexplained) }} as unexplained
    from dataset
) as columns
where unexplained <> ''
