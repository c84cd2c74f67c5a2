{{ config(as_of='as_of_date') }}

-- racing.md §5.1: every entity on the spine has exactly one row in each feature table, and no other
-- entity has one. Dates a table has not reached yet, or was not asked for, do not count.
{%- set tables = {
    'trainer_velocity': ['trainer_id'],
    'jockey_velocity': ['jockey_id'],
    'trainer_jockey_combo': ['trainer_id', 'jockey_id'],
    'horse_form': ['horse_id'],
    'horse_elo': ['horse_id'],
    'horse_sectionals': ['horse_id'],
    'course_going_bias': ['course', 'going_group'],
    'draw_bias': ['course', 'distance_band', 'going_group'],
    'connections': ['race_id', 'horse_id'],
    'horse_preferences': ['race_id', 'horse_id'],
    'horse_suitability': ['race_id', 'horse_id'],
    'class_profile': ['race_id', 'horse_id'],
    'market': ['race_id', 'horse_id'],
} %}
{%- set rows_per_entity = {'course_going_bias': 4} %}

{#- Compared date by date: how many rows there are, and a checksum of their keys. That no key stands
    twice is a test of each table. -#}
{% for table, keys in tables.items() %}
{{ 'union all' if not loop.first }}
select
    '{{ table }}' as feature_table, as_of_date,
    sum(expected) as expected, sum(found) as found
from (
    select
        race_date as as_of_date,
        {{ rows_per_entity.get(table, 1) }} * count(*) as expected, 0 as found,
        {{ rows_per_entity.get(table, 1) }} * {{ checksum(keys) }} as difference
    from (
        select distinct {{ keys | join(', ') }}, race_date
        from {{ ref('spine') }} as spine
        where {% for key in keys %}{{ key }} is not null{{ ' and ' if not loop.last }}{% endfor %}
            and {{ race_date_is_judged(ref(table)) }}
    ) as entities
    group by race_date
    union all
    select as_of_date, 0, count(*), -{{ checksum(keys) }}
    from {{ ref(table) }} as features
    group by as_of_date
) as both_sides
group by as_of_date
having sum(expected) <> sum(found) or sum(difference) <> 0
{% endfor %}
