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
    'class_profile': ['race_id', 'horse_id'],
} %}
{%- set rows_per_entity = {'course_going_bias': 4} %}

{% for table, keys in tables.items() %}
{{ 'union all' if not loop.first }}
select '{{ table }}' as feature_table, as_of_date, expected, found, count(*) as entities
from (
    select
        {{ keys | join(', ') }}, as_of_date,
        max(expected) as expected, sum(found) as found
    from (
        select distinct {{ keys | join(', ') }}, race_date as as_of_date,
            {{ rows_per_entity.get(table, 1) }} as expected, 0 as found
        from {{ ref('spine') }} as spine
        where {% for key in keys %}{{ key }} is not null{{ ' and ' if not loop.last }}{% endfor %}
            and race_date between (select min(as_of_date) from {{ ref(table) }} as built)
                and (select max(as_of_date) from {{ ref(table) }} as built)
        union all
        select {{ keys | join(', ') }}, as_of_date, 0, 1 from {{ ref(table) }} as features
    ) as both_sides
    group by {{ keys | join(', ') }}, as_of_date
) as compared
where expected <> found
group by as_of_date, expected, found
{% endfor %}
