{{ config(enabled=reads_source('race_results')) }}

-- Races, results and sectionals of the older rebuild worker's database to the common staging layout. The layout says
-- class, ground and surface in words, weights in kilograms (pounds where they cannot be), and who is who by slugs.
{%- set marks = range(200, 3201, 200) %}
{%- set mark_columns = [] %}
{%- for metres in marks %}
{%- do mark_columns.extend(['position_' ~ metres ~ 'm', 'sectional_' ~ metres ~ 'm']) %}
{%- endfor %}
{%- set races = rows_of(
    source('race_results', 'races'),
    ['race_id', 'race_date', 'race_number', 'track_name', 'race_distance', 'race_class', 'track_condition'],
    optional=['race_name', 'location', 'prize_money'],
) %}
{%- set results = rows_of(
    source('race_results', 'race_results'),
    ['race_id', 'horse_name', 'horse_slug', 'barrier', 'original_weight', 'position', 'jockey_slug', 'trainer_slug', 'win_odds'],
) %}
{%- set sectionals = rows_of(
    source('race_results', 'race_results_sectional_times'),
    ['race_id', 'horse_name'], optional=['finish_time'] + mark_columns,
) %}

with read_races as (
    select
        {{ given('race_id') }} as race_id, {{ read_as('race_date', 'date') }} as race_date,
        {{ read_as('race_number', 'integer') }} as race_no,
        {{ read_as('race_distance', 'integer') }} as distance_m,
        regexp_replace({{ given('track_name') }}, ' *(Synthetic|\(AW\))$', '') as course,
        {{ surface_of("coalesce(" ~ given('track_name') ~ ", '') || ' ' || coalesce(" ~ given('track_condition') ~ ", '')") }} as surface,
        -- 'Good 4': the word and its number on the course's scale.
        upper(regexp_replace({{ given('track_condition') }}, ' *[0-9]+$', '')) as going,
        {{ given('race_name') }} as race_name, {{ given('race_class') }} as class_raw,
        lower(coalesce({{ given('race_class') }}, '') || ' ' || coalesce({{ given('race_name') }}, '')) as class_words,
        {{ read_as('prize_money', 'double precision') }} as prize,
        upper({{ given('location') }}) as location,
        {{ not_read({
            'race_date': ['race_date', 'date'], 'race_no': ['race_number', 'integer'], 'distance_m': ['race_distance', 'integer'],
            'prize': ['prize_money', 'double precision'],
        }) }} as unreadable
    from {{ races }} as races
),

races as (
    -- Sections of 400 m, an odd one of 100 to 400 m first.
    select
        *, cast(floor((distance_m + 299) / 400.0) as integer) as sections,
        cast(floor((floor((distance_m + 299) / 400.0) + 1) / 2) as integer) as mid_call
    from read_races
),

read_runners as (
    select
        {{ given('race_id') }} as race_id, {{ horse_name_key('horse_name') }} as name_key,
        {{ given('horse_slug') }} as horse_id, {{ given('jockey_slug') }} as jockey_id, {{ given('trainer_slug') }} as trainer_id,
        {{ read_as('barrier', 'integer') }} as draw, regexp_replace(upper({{ given('position') }}), '[.]0+$', '') as said,
        {{ read_as('original_weight', 'double precision') }} as weight, {{ read_as('win_odds', 'double precision') }} as odds,
        {{ not_read({
            'draw': ['barrier', 'integer'], 'weight_lbs': ['original_weight', 'double precision'],
            'odds': ['win_odds', 'double precision'],
        }) }} as unreadable
    from {{ results }} as results
),

results as (
    select race_id, count(case when cast({{ captured('said', '^([0-9]{1,9})$') }} as integer) between 1 and 49 then 1 end) > 0 as has_result
    from read_runners
    group by race_id
),

runners as (
    select
        read_runners.*, coalesce(results.has_result, false) as has_result,
        {{ race_results_position('said', 'odds', 'results.has_result') }} as pos_raw
    from read_runners
    left join results on results.race_id = read_runners.race_id
),

sectionals as (
    select
        {{ given('race_id') }} as race_id, {{ horse_name_key('horse_name') }} as name_key,
        {{ seconds_of('finish_time') }} as finish_time_s
        {%- for metres in marks %},
        {{ position_of('position_' ~ metres ~ 'm') }} as position_{{ metres }}m,
        {{ seconds_of('sectional_' ~ metres ~ 'm') }} as sectional_{{ metres }}m
        {%- endfor %}
    from {{ sectionals }} as sectionals
),

called as (
    select
        sectionals.race_id, sectionals.name_key, sectionals.finish_time_s, races.sections as n_sections
        {%- for name, call in {'early': '1', 'mid': 'races.mid_call', 'late': 'races.sections - 1'}.items() %},
        {{ at_mark('position', sectional_mark(call, 'races.sections', 'races.distance_m', 'races.location')) }} as {{ name }}_pos
        {%- endfor %}
        {%- for name, call in {'early': '1', 'mid': 'races.mid_call', 'finish_section': 'races.sections'}.items() %},
        {{ at_mark('sectional', sectional_mark(call, 'races.sections', 'races.distance_m', 'races.location')) }} as {{ name }}_time_s
        {%- endfor %}
    from sectionals
    join races on races.race_id = sectionals.race_id
)

select
    runners.race_id, races.race_date, cast(null as timestamp) as off_at, races.course, races.race_no,
    races.distance_m, races.surface, races.going,
    {{ going_group('exact', 'any_word') }} as going_group,
    races.race_name, races.class_raw,
    {{ class_text_points('races.class_words') }} as class_rating,
    coalesce({{ captured('races.class_words', '(handicap|hcp|nursery|benchmark|bm ?[0-9])') }} is not null, false) as is_handicap,
    races.prize,
    runners.horse_id, runners.jockey_id, runners.trainer_id, runners.draw,
    -- No jockey is lighter than 80 lb, and no horse carries 80 kg.
    case when runners.weight < 80 then runners.weight / 0.45359237 else runners.weight end as weight_lbs,
    cast(null as integer) as rating, cast(null as integer) as age, cast(null as varchar) as sex,
    runners.pos_raw,
    {{ runner_status('runners.pos_raw', 'runners.has_result') }} as status,
    {{ leading_digits('runners.pos_raw') }} as pos_num,
    runners.odds, called.finish_time_s, called.n_sections,
    called.early_pos, called.mid_pos, called.late_pos,
    called.early_time_s, called.mid_time_s, called.finish_section_time_s,
    nullif(concat_ws('; ', races.unreadable, runners.unreadable), '') as unreadable
from runners
-- A runner of a race that is not there has no day: the contract rejects it.
left join races on races.race_id = runners.race_id
left join called on called.race_id = runners.race_id and called.name_key = runners.name_key
left join {{ ref('going_group') }} as exact
    on exact.surface = races.surface and exact.going = races.going
left join {{ ref('going_group') }} as any_word
    on any_word.surface = races.surface and any_word.going = '*'
