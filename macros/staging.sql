{# Staging macros: what every source system needs to reach the common staging layout. #}


{# The digits a text begins with, as an integer; NULL without any ('5 平頭馬' → 5, 'PU' → NULL). #}
{% macro leading_digits(text) %}{{ readable(leading_digits_of(text), 'integer') }}{% endmacro %}
{% macro leading_digits_of(text) %}{{ return(adapter.dispatch('leading_digits_of')(text)) }}{% endmacro %}
{% macro default__leading_digits_of(text) %}substring({{ text }} from '^[0-9]+'){% endmacro %}
{% macro duckdb__leading_digits_of(text) %}nullif(regexp_extract({{ text }}, '^[0-9]+'), ''){% endmacro %}

{# Going group by surface and word from the seed; a row with the word * covers the whole surface. #}
{% macro going_group(exact, any_word) %}coalesce({{ exact }}.going_group, {{ any_word }}.going_group, 'unknown'){% endmacro %}

{# Status of a runner in the sample's vocabulary. A race without any position has not been run, or was void (VOID);
   in a race with a result an empty or foreign code is 'unknown', which refuses the result (macros/contract.sql). #}
{% macro runner_status(position, has_result) -%}
case
    when {{ leading_digits(position) }} is not null then 'finished'
    when upper({{ position }}) = 'WD' then 'withdrawn'
    when upper({{ position }}) in ('PU', 'F', 'UR', 'BD', 'RO', 'RR', 'SU', 'CO', 'DSQ', 'REF', 'LFT', 'DNF', 'TNP', 'FE')
        then upper({{ position }})
    when coalesce(upper({{ position }}), 'VOID') = 'VOID' and not {{ has_result }} then 'declared'
    else 'unknown'
end
{%- endmacro %}

{# Columns of the sample's layout that are no text, with their types. #}
{% macro typed_race_columns() %}
{{ return({
    'race_date': 'date', 'off_at': 'timestamp', 'race_no': 'integer', 'distance_m': 'integer', 'class_rating': 'integer',
    'is_handicap': 'boolean', 'prize': 'double precision',
}) }}
{% endmacro %}

{% macro typed_runner_columns() %}
{{ return({
    'draw': 'integer', 'weight_lbs': 'double precision', 'rating': 'integer', 'age': 'integer',
    'odds': 'double precision', 'finish_time_s': 'double precision', 'n_sections': 'integer', 'early_pos': 'integer',
    'mid_pos': 'integer', 'late_pos': 'integer', 'early_time_s': 'double precision', 'mid_time_s': 'double precision',
    'finish_section_time_s': 'double precision',
}) }}
{% endmacro %}

{# The staging select for sources with one relation of races and one of runners (seeds or files). #}
{% macro stage_races_and_runners(races, runners) %}
{%- set of_race = typed_race_columns() %}
{%- set of_runner = typed_runner_columns() %}
with races as (
    -- A race given twice in the same words is one race.
    select distinct
        cast(race_id as varchar) as race_id, cast(course as varchar) as course,
        upper(cast(surface as varchar)) as surface, upper(cast(going as varchar)) as going,
        cast(race_name as varchar) as race_name, cast(race_class as varchar) as class_raw,
        {%- for column, type in of_race.items() %}
        {{ readable('races.' ~ column, type) }} as {{ column }},
        {%- endfor %}
        nullif(concat_ws('; '
            {%- for column, type in of_race.items() %}, {{ unreadable(column, type, 'races') }}{% endfor %}), '') as unreadable
    from {{ races }} as races
),

numbered as (
    select
        *,
        -- Without a number of its own a race has that of its place by the off.
        coalesce(race_no, cast(row_number() over (
            partition by race_date, course order by off_at nulls last, race_id
        ) as integer)) as number_of_race
    from races
),

runners as (
    select
        cast(race_id as varchar) as race_id, cast(horse_id as varchar) as horse_id,
        nullif(cast(jockey_id as varchar), '') as jockey_id,
        nullif(cast(trainer_id as varchar), '') as trainer_id,
        cast(sex as varchar) as sex, nullif(trim(cast(position as varchar)), '') as pos_raw,
        {%- for column, type in of_runner.items() %}
        {{ readable('runners.' ~ column, type) }} as {{ column }},
        {%- endfor %}
        nullif(concat_ws('; '
            {%- for column, type in of_runner.items() %}, {{ unreadable(column, type, 'runners') }}{% endfor %}), '') as unreadable
    from {{ runners }} as runners
),

results as (
    select race_id, count({{ leading_digits('pos_raw') }}) > 0 as has_result
    from runners group by race_id
)

select
    runners.race_id, races.race_date, races.off_at, races.course, races.number_of_race as race_no,
    races.distance_m, races.surface, races.going,
    {{ going_group('exact', 'any_word') }} as going_group,
    races.race_name, races.class_raw, races.class_rating, coalesce(races.is_handicap, false) as is_handicap, races.prize,
    runners.horse_id, runners.jockey_id, runners.trainer_id, runners.draw,
    runners.weight_lbs, runners.rating, runners.age, runners.sex,
    runners.pos_raw,
    {{ runner_status('runners.pos_raw', 'coalesce(results.has_result, false)') }} as status,
    {{ leading_digits('runners.pos_raw') }} as pos_num,
    runners.odds, runners.finish_time_s, runners.n_sections,
    runners.early_pos, runners.mid_pos, runners.late_pos,
    runners.early_time_s, runners.mid_time_s, runners.finish_section_time_s,
    case when coalesce(races.unreadable, runners.unreadable) is not null
        then concat_ws('; ', races.unreadable, runners.unreadable)
    end as unreadable
from runners
-- A runner of a race that is not there has no day: the contract rejects it.
left join numbered as races on races.race_id = runners.race_id
left join results on results.race_id = runners.race_id
left join {{ ref('going_group') }} as exact
    on exact.surface = races.surface and exact.going = races.going
left join {{ ref('going_group') }} as any_word
    on any_word.surface = races.surface and any_word.going = '*'
{% endmacro %}

{# Hong Kong: the value of the section whose number is in `call` (1 to 6). #}
{% macro section_value(call, suffix) -%}
case {{ call }}{% for k in range(1, 7) %} when {{ k }} then runners.sec{{ k }}{{ suffix }}{% endfor %} end
{%- endmacro %}

{# Hong Kong writes 99.99 s for a time that was not taken. #}
{% macro timed(seconds) %}case when {{ seconds }} < 99.99 then {{ seconds }} end{% endmacro %}

{# The staging select of prices for sources with one relation of them, of one book and in local time. #}
{% macro stage_prices(prices, runs, book) -%}
select
    runs.race_id, runs.horse_id, runs.race_date, '{{ book }}' as book,
    cast(prices.snapshot_at as timestamp) as snapshot_at, cast(prices.odds as double precision) as price
from {{ prices }} as prices
join {{ runs }} as runs
    on runs.race_id = cast(prices.race_id as varchar) and runs.horse_id = cast(prices.horse_id as varchar)
{%- endmacro %}

{# A moment (with time zone) by the clock that the course has at the off: the hour that clocks repeat or leave
   out in the night before is counted, so that order and distance of times are those of the moments. #}
{% macro by_clock_of_off(moment, off_at, zone) -%}
({{ off_at }} - to_microseconds(epoch_us(timezone({{ zone }}, {{ off_at }})) - epoch_us({{ moment }})))
{%- endmacro %}
