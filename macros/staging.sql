{# Staging macros: what every source system needs to reach the common staging layout. #}


{# The digits a text begins with, as an integer; NULL without any ('5 平頭馬' → 5, 'PU' → NULL). #}
{% macro leading_digits(text) -%}
cast(nullif(regexp_extract({{ text }}, '^[0-9]+'), '') as integer)
{%- endmacro %}

{# Going group by surface and word from the seed; a row with the word * covers the whole surface. #}
{% macro going_group(exact, any_word) %}coalesce({{ exact }}.going_group, {{ any_word }}.going_group, 'unknown'){% endmacro %}

{# Status of a runner in the sample's vocabulary. A race without any position has not been run;
   in a race with a result an empty or foreign code is 'unknown', which a test refuses. #}
{% macro runner_status(position, has_result) -%}
case
    when {{ leading_digits(position) }} is not null then 'finished'
    when {{ position }} = 'WD' then 'withdrawn'
    when {{ position }} in ('PU', 'F', 'UR', 'BD', 'RO', 'RR', 'SU', 'CO', 'DSQ', 'REF', 'LFT', 'DNF', 'TNP', 'FE')
        then {{ position }}
    when {{ position }} is null and not {{ has_result }} then 'declared'
    else 'unknown'
end
{%- endmacro %}

{# The staging select for sources with one relation of races and one of runners (seeds or files). #}
{% macro stage_races_and_runners(races, runners) %}
with races as (
    select
        cast(race_id as varchar) as race_id, cast(race_date as date) as race_date,
        cast(off_at as timestamp) as off_at, cast(course as varchar) as course,
        cast(race_no as integer) as race_no, cast(distance_m as integer) as distance_m,
        upper(cast(surface as varchar)) as surface, upper(cast(going as varchar)) as going,
        cast(race_name as varchar) as race_name, cast(race_class as varchar) as class_raw,
        cast(class_rating as integer) as class_rating,
        coalesce(cast(is_handicap as boolean), false) as is_handicap,
        cast(prize as double precision) as prize
    from {{ races }} as races
),

runners as (
    select
        cast(race_id as varchar) as race_id, cast(horse_id as varchar) as horse_id,
        nullif(cast(jockey_id as varchar), '') as jockey_id,
        nullif(cast(trainer_id as varchar), '') as trainer_id,
        cast(draw as integer) as draw, cast(weight_lbs as double precision) as weight_lbs,
        cast(rating as integer) as rating, cast(age as integer) as age,
        cast(sex as varchar) as sex, nullif(trim(cast(position as varchar)), '') as pos_raw,
        cast(odds as double precision) as odds,
        cast(finish_time_s as double precision) as finish_time_s,
        cast(n_sections as integer) as n_sections, cast(early_pos as integer) as early_pos,
        cast(mid_pos as integer) as mid_pos, cast(late_pos as integer) as late_pos,
        cast(early_time_s as double precision) as early_time_s,
        cast(mid_time_s as double precision) as mid_time_s,
        cast(finish_section_time_s as double precision) as finish_section_time_s
    from {{ runners }} as runners
),

results as (
    select race_id, count({{ leading_digits('pos_raw') }}) > 0 as has_result
    from runners group by race_id
)

select
    races.race_id, races.race_date, races.off_at, races.course, races.race_no,
    races.distance_m, races.surface, races.going,
    {{ going_group('exact', 'any_word') }} as going_group,
    races.race_name, races.class_raw, races.class_rating, races.is_handicap, races.prize,
    runners.horse_id, runners.jockey_id, runners.trainer_id, runners.draw,
    runners.weight_lbs, runners.rating, runners.age, runners.sex,
    runners.pos_raw,
    {{ runner_status('runners.pos_raw', 'results.has_result') }} as status,
    {{ leading_digits('runners.pos_raw') }} as pos_num,
    runners.odds, runners.finish_time_s, runners.n_sections,
    runners.early_pos, runners.mid_pos, runners.late_pos,
    runners.early_time_s, runners.mid_time_s, runners.finish_section_time_s
from runners
join races on races.race_id = runners.race_id
join results on results.race_id = runners.race_id
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
