{# The contract of staged rows: what every source system is held to before its rows become `runs`. Which fault costs what
   is listed in docs/guides/own-data.md. #}

{# Columns of the staging layout: who and when. A row without one of these is of no use. #}
{% macro identity_columns() %}{{ return(['race_id', 'race_date', 'course', 'race_no', 'horse_id']) }}{% endmacro %}

{# The rest of the card: known before the off. #}
{% macro card_columns() %}
{{ return([
    'off_at', 'distance_m', 'surface', 'going', 'going_group', 'race_name', 'class_raw', 'class_rating', 'is_handicap',
    'prize', 'jockey_id', 'trainer_id', 'draw', 'weight_lbs', 'rating', 'age', 'sex',
]) }}
{% endmacro %}

{# Known only after the off. What becomes of the card's part of a row never depends on these: a row that went away by its
   result would tell the result. #}
{% macro result_columns() %}
{{ return([
    'pos_raw', 'status', 'pos_num', 'odds', 'finish_time_s', 'n_sections', 'early_pos', 'mid_pos', 'late_pos',
    'early_time_s', 'mid_time_s', 'finish_section_time_s',
]) }}
{% endmacro %}

{# The whole layout, in order; `unreadable` lists what a text said that its column's type cannot hold. #}
{% macro staging_columns() %}
{{ return(identity_columns() + card_columns() + result_columns() + ['unreadable']) }}
{% endmacro %}

{# Lowest and highest value of a column that can be true of a race; what lies outside is NULL. #}
{% macro credible_ranges() %}
{{ return({
    'distance_m': [400, 10000], 'draw': [1, 99], 'weight_lbs': [80, 200], 'rating': [0, 250], 'age': [1, 40],
    'finish_time_s': [20, 900], 'n_sections': [1, 20], 'early_pos': [1, 99], 'mid_pos': [1, 99], 'late_pos': [1, 99],
    'early_time_s': [1, 900], 'mid_time_s': [1, 900], 'finish_section_time_s': [1, 900],
}) }}
{% endmacro %}

{# Prices: from what the source can show (var min_odds) to 10,000. A Hong Kong pool may only return the stake. #}
{% macro is_absurd_price(relation) -%}
({{ relation }}.odds > 10000 or {{ relation }}.odds < case {{ relation }}.source_system
    {%- for system in source_systems() %} when '{{ system }}' then {{ var('min_odds')[system] | default(1.01) }}{% endfor %} end)
{%- endmacro %}

{# Least sum of 1/odds over the starters of a race: 1, unless var min_book says less of a source, as an exchange has it. #}
{% macro least_book() -%}
{%- set least = namespace(text='1') -%}
{%- for system, book in var('min_book', {}).items() -%}
{%- set least.text = "case when source_system = '" ~ system ~ "' then " ~ book ~ ' else ' ~ least.text ~ ' end' -%}
{%- endfor -%}
({{ least.text }})
{%- endmacro %}

{# A value taken away, as `removed_values` lists it: [draw] 0. #}
{% macro removed(column, value) %}'[{{ column }}] ' || cast({{ value }} as varchar){% endmacro %}

{# `value` as `type`; NULL where it cannot be read as one. #}
{% macro readable(value, type) %}try_cast({{ value }} as {{ type }}){% endmacro %}

{# The same for the list of unreadable values: the layout's column, and what the source's said; NULL when it could be read. #}
{% macro unreadable(column, type, relation, name=none) -%}
case
    when {{ relation }}.{{ column }} is not null and {{ readable(relation ~ '.' ~ column, type) }} is null
        and trim(cast({{ relation }}.{{ column }} as varchar)) <> ''
        then {{ removed(name or column, relation ~ '.' ~ column) }}
end
{%- endmacro %}

{# Number of columns that say nothing: ordered by it, the row that says most comes first. #}
{% macro fewest_nulls(columns) -%}
{% for column in columns %}case when {{ column }} is null then 1 else 0 end{{ ' + ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# Rows of one source system that are not in `runs`, or whose result is not, with the reason. #}
{% macro rejected_rows(system) %}
select
    race_id, horse_id, race_date, course, rejected, reason, removed_values,
    cast(to_json(staged) as varchar) as staged_row
from {{ ref('staged_runs') }} as staged
where source_system = '{{ system }}' and rejected is not null
{% endmacro %}
