{{ config(enabled=reads_source('racing_schema')) }}

-- Tables of the schema `racing` to the common staging layout. Positions are written as in the files of 37 columns they were
-- loaded from: NR is a non-runner, VOI every runner of a void race, which is no result.
{%- set races = rows_of(
    source('racing_schema', 'races'),
    ['race_id', 'race_date', 'course_id', 'off_time', 'class', 'dist_f', 'going', 'surface'],
    optional=['race_name', 'pattern', 'rating_band', 'age_band', 'dist_m'],
) %}
{%- set runners = rows_of(
    source('racing_schema', 'runners'),
    ['race_id', 'horse_id', 'trainer_id', 'jockey_id', 'pos_raw', 'draw', 'age', 'lbs', 'secs', 'dec', 'or'],
    optional=['sex'],
) %}

with courses as (
    select
        {{ given('course_id') }} as course_id,
        -- Two courses of one name are told apart by their regions.
        regexp_replace({{ given('course_name') }}, ' *\(AW\)', '')
            || case when count(*) over (partition by course_name) > 1 then ' (' || region || ')' else '' end as course
    from {{ source('racing_schema', 'courses') }} as courses
),

races as (
    select
        {{ given('race_id') }} as race_id, {{ read_as('race_date', 'date') }} as race_date,
        {{ read_as('off_time', 'time') }} as off_time,
        courses.course,
        coalesce(
            {{ read_as('dist_m', 'integer') }}, cast(round({{ read_as('dist_f', 'double precision') }} * 201.168) as integer)
        ) as distance_m,
        {{ surface_of(given('surface')) }} as surface, upper({{ given('going') }}) as going,
        {{ given('race_name') }} as race_name, {{ given('pattern') }} as pattern,
        {{ given('rating_band') }} as rating_band, {{ given('age_band') }} as age_band,
        case when length({{ given('class') }}) = 1 then 'Class ' else '' end || {{ given('class') }} as class,
        {{ not_read({
            'race_date': ['race_date', 'date'], 'off_at': ['off_time', 'time'], 'distance_m': ['dist_f', 'double precision'],
        }) }} as unreadable
    from {{ races }} as races
    left join courses on courses.course_id = {{ given('races.course_id') }}
),

timed as (
    select
        races.*,
        lower(concat_ws(
            ' ', pattern, class, case when lower(race_name) like '%maiden%' then 'maiden' end, age_band
        )) as class_words,
        -- No race goes off before ten in the morning: smaller hours are afternoon.
        race_date + off_time
            + case when off_time < time '10:00' then interval '12 hours' else interval '0 hours' end as off_at
    from races
),

numbered as (
    select timed.*, cast(row_number() over (
        partition by race_date, course order by off_at nulls last, race_id
    ) as integer) as race_no
    from timed
),

runners as (
    select
        {{ given('race_id') }} as race_id, {{ given('horse_id') }} as horse_id,
        {{ given('jockey_id') }} as jockey_id, {{ given('trainer_id') }} as trainer_id,
        case upper({{ given('pos_raw') }}) when 'NR' then 'WD' when 'VOI' then null else upper({{ given('pos_raw') }}) end as pos_raw,
        {{ given('sex') }} as sex,
        {%- for column, name in {'draw': 'draw', 'age': 'age', '"or"': 'rating'}.items() %}
        {{ read_as(column, 'integer') }} as {{ name }},
        {%- endfor %}
        {{ read_as('lbs', 'double precision') }} as weight_lbs, {{ read_as('secs', 'double precision') }} as finish_time_s,
        {{ read_as('dec', 'double precision') }} as odds,
        {{ not_read({
            'draw': ['draw', 'integer'], 'age': ['age', 'integer'], 'rating': ['"or"', 'integer'],
            'weight_lbs': ['lbs', 'double precision'], 'finish_time_s': ['secs', 'double precision'],
            'odds': ['dec', 'double precision'],
        }) }} as unreadable
    from {{ runners }} as runners
),

results as (
    select race_id, count({{ leading_digits('pos_raw') }}) > 0 as has_result from runners group by race_id
)

select
    runners.race_id, races.race_date, races.off_at, races.course, races.race_no,
    races.distance_m, races.surface, races.going,
    {{ going_group('exact', 'any_word') }} as going_group,
    races.race_name, coalesce(races.pattern, races.class) as class_raw,
    {{ class_text_points('races.class_words') }} as class_rating,
    coalesce(
        races.rating_band is not null
        or {{ captured('lower(races.race_name)', "(handicap|nursery|h''cap)") }} is not null, false
    ) as is_handicap,
    -- A row's prize is what the runner won: an outcome, not the prize of the race.
    cast(null as double precision) as prize,
    runners.horse_id, runners.jockey_id, runners.trainer_id, runners.draw,
    runners.weight_lbs, runners.rating, runners.age, runners.sex,
    runners.pos_raw,
    {{ runner_status('runners.pos_raw', 'coalesce(results.has_result, false)') }} as status,
    {{ leading_digits('runners.pos_raw') }} as pos_num,
    runners.odds, runners.finish_time_s,
    cast(null as integer) as n_sections,
    cast(null as integer) as early_pos, cast(null as integer) as mid_pos, cast(null as integer) as late_pos,
    cast(null as double precision) as early_time_s, cast(null as double precision) as mid_time_s,
    cast(null as double precision) as finish_section_time_s,
    nullif(concat_ws('; ', races.unreadable, runners.unreadable), '') as unreadable
from runners
-- A runner of a race that is not there has no day: the contract rejects it.
left join numbered as races on races.race_id = runners.race_id
left join results on results.race_id = runners.race_id
left join {{ ref('going_group') }} as exact
    on exact.surface = races.surface and exact.going = races.going
left join {{ ref('going_group') }} as any_word
    on any_word.surface = races.surface and any_word.going = '*'
