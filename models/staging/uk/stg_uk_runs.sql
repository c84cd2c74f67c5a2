{{ config(enabled=reads_source('uk')) }}

-- British and Irish results and cards to the common staging layout. Before August 2025 the results
-- hold only horses entered again later: whole fields there are few and no sample of racing, and a part
-- of a field has no number of starters. So races begin with that month and count when every runner is there.
{%- set first_whole_month = '2025-08-01' %}
{%- set race_columns = [
    'race_date', 'course', 'off_time', 'race_name', 'race_class', 'dist_f', 'going', 'aw', 'winning_time_s',
] %}

with results as (
    select *
    from (
        select *, count(*) over (partition by race_key) as n_rows, max(ran) over (partition by race_key) as n_ran
        from {{ source('uk', 'runs') }}
        where race_date >= date '{{ first_whole_month }}'
    ) as counted
),

complete as (
    -- Some rows have the number of rows of their own list as ran: the highest is the field.
    select *, race_type = 'Flat' as has_draw from results where n_rows >= n_ran
),

{% for column in race_columns %}
{{ column }}_votes as (
    select race_key, {{ column }}, row_number() over (
        partition by race_key order by {{ column }} is null, votes desc, {{ column }}
    ) as choice
    from (select race_key, {{ column }}, count(*) as votes from complete group by race_key, {{ column }}) as counted
),
{% endfor %}

card_rows as (
    select
        *, {{ uk_course('course') }} as course_name, {{ uk_course_key('course') }} as course_key,
        jockey = 'NON-RUNNER' or is_abandoned = 'TRUE' as is_out
    from {{ source('uk', 'racecards') }}
    where region in ('GB', 'IRE')
),

-- Which result a card belongs to: the race at that course most of its horses ran in.
matches as (
    select race_date, course_key, off_time, race_key, row_number() over (
        partition by race_date, course_key, off_time order by votes desc, race_key
    ) as choice
    from (
        select card_rows.race_date, card_rows.course_key, card_rows.off_time, results.race_key, count(*) as votes
        from card_rows
        join results on results.race_date = card_rows.race_date
            and results.course_key = card_rows.course_key and results.horse_key = card_rows.horse_key
        group by card_rows.race_date, card_rows.course_key, card_rows.off_time, results.race_key
    ) as counted
),

cards as (
    select
        card_rows.* exclude (race_id), matches.race_key is not null as was_run,
        coalesce(
            matches.race_key, card_rows.race_id,
            cast(card_rows.race_date as varchar) || ' ' || card_rows.course_name || ' ' || card_rows.off_time
        ) as race_key
    from card_rows
    left join matches on matches.race_date = card_rows.race_date and matches.course_key = card_rows.course_key
        and matches.off_time = card_rows.off_time and matches.choice = 1
),

prizes as (
    select race_key, max({{ uk_amount('prize') }}) as prize from cards group by race_key
),

-- Horses on a card that did not run there: withdrawn, or the race has no result.
not_run as (
    select cards.*
    from cards
    left join results on results.race_date = cards.race_date
        and results.course_key = cards.course_key and results.horse_key = cards.horse_key
    where results.race_key is null
),

races as (
    select complete.race_key, complete.has_result, complete.is_short_book
        {%- for column in race_columns %}, {{ column }}_votes.{{ column }}{% endfor %}
    from (
        select
            race_key, count(pos) > 0 as has_result,
            count(sp_dec) = count(*) and {{ total(fixed('1.0 / sp_dec')) }} < {{ fixed('1') }} as is_short_book
        from complete
        group by race_key
    ) as complete
    {%- for column in race_columns %}
    join {{ column }}_votes on {{ column }}_votes.race_key = complete.race_key and {{ column }}_votes.choice = 1
    {%- endfor %}
    union all
    select
        race_key, false, false, min(race_date), min(course_name), min(off_time), min(race_name), min(race_class),
        min({{ readable('distance_f', 'double precision') }}), min(going), bool_or(surface = 'AW'), cast(null as double precision)
    from not_run
    where not was_run
    group by race_key
),

runners as (
    select
        race_key, horse_key, jockey, trainer, case when has_draw then draw end as draw, lbs, official_rating, age, sex,
        -- Three starters of one race have 0: the source does not say where they finished.
        case when pos = '0' then 'DNF' else pos end as pos, sp_dec, time_s, cast(null as varchar) as unreadable
    from complete
    union all
    select
        race_key, horse_key, nullif(jockey, 'NON-RUNNER'), trainer,
        case when type = 'Flat' then nullif({{ readable('draw', 'integer') }}, 0) end, {{ readable('lbs', 'integer') }},
        {{ readable('ofr', 'integer') }}, {{ readable('age', 'integer') }}, sex, case when was_run or is_out then 'WD' end,
        cast(null as double precision), cast(null as double precision),
        nullif(concat_ws('; '
            {%- for column, name in {'draw': 'draw', 'lbs': 'weight_lbs', 'ofr': 'rating', 'age': 'age'}.items() %},
            {{ unreadable(column, 'integer', 'not_run', name) }}{% endfor %}), '')
    from (select * replace (nullif(ofr, '-') as ofr) from not_run) as not_run
),

described as (
    select
        *, {{ uk_off_at('race_date', 'off_time') }} as off_at,
        case when aw or going like 'Standard%' then 'AWT' else 'TURF' end as surface
    from races
),

numbered as (
    select *, cast(row_number() over (partition by race_date, course order by off_at nulls last, race_key) as integer) as race_no
    from described
)

select
    numbered.race_key as race_id, numbered.race_date, numbered.off_at, numbered.course, numbered.race_no,
    cast({{ rounded("numbered.dist_f * 201.168") }} as integer) as distance_m, numbered.surface, upper(numbered.going) as going,
    {{ going_group('exact', 'any_word') }} as going_group,
    numbered.race_name, numbered.race_class as class_raw,
    {{ uk_class_rating('numbered.race_name', 'numbered.race_class') }} as class_rating,
    coalesce(regexp_matches(numbered.race_name, '(?i)handicap|nursery'), false) as is_handicap,
    prizes.prize,
    runners.horse_key as horse_id, runners.jockey as jockey_id, runners.trainer as trainer_id,
    runners.draw, cast(runners.lbs as double precision) as weight_lbs, runners.official_rating as rating,
    runners.age, runners.sex,
    runners.pos as pos_raw,
    {{ runner_status('runners.pos', 'numbered.has_result') }} as status,
    {{ leading_digits('runners.pos') }} as pos_num,
    -- Starting prices of less than a whole book were made with a horse that was withdrawn at the start.
    case when not numbered.is_short_book then runners.sp_dec end as odds,
    -- A tailed-off horse says nothing about speed.
    case when runners.time_s > 1.25 * numbered.winning_time_s then null else runners.time_s end as finish_time_s,
    cast(null as integer) as n_sections, cast(null as integer) as early_pos, cast(null as integer) as mid_pos,
    cast(null as integer) as late_pos, cast(null as double precision) as early_time_s,
    cast(null as double precision) as mid_time_s, cast(null as double precision) as finish_section_time_s,
    runners.unreadable
from runners
join numbered on numbered.race_key = runners.race_key
left join prizes on prizes.race_key = numbered.race_key
left join {{ ref('going_group') }} as exact
    on exact.surface = numbered.surface and exact.going = upper(numbered.going)
left join {{ ref('going_group') }} as any_word
    on any_word.surface = numbered.surface and any_word.going = '*'
