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
{% macro removed(column, value) %}'[{{ column }}] ' || {{ written(value) }}{% endmacro %}

{# `value` as text. Postgres leaves the point of a whole double out. #}
{% macro written(value) %}{{ return(adapter.dispatch('written')(value)) }}{% endmacro %}
{% macro duckdb__written(value) %}cast({{ value }} as varchar){% endmacro %}

{% macro default__written(value) -%}
cast({{ value }} as varchar) || case
        when pg_typeof({{ value }}) = cast('double precision' as regtype) and cast({{ value }} as varchar) ~ '^-?[0-9]+$' then '.0' else ''
    end
{%- endmacro %}

{# `value` as `type`; NULL where it cannot be read as one. #}
{% macro readable(value, type) %}{{ return(adapter.dispatch('readable')(value, type)) }}{% endmacro %}
{% macro duckdb__readable(value, type) %}try_cast({{ value }} as {{ type }}){% endmacro %}

{# Postgres 15 has no cast that answers NULL: what the type can hold is told by how it is written. #}
{% macro default__readable(value, type) -%}
{%- set text = 'trim(cast(' ~ value ~ ' as varchar))' -%}
{%- if type == 'integer' -%}
case when {{ text }} ~ '^[+-]?[0-9]{1,18}([.][0-9]*)?$' then
    case when cast({{ text }} as numeric) between -2147483648 and 2147483647 then cast(cast({{ text }} as numeric) as integer) end
end
{%- else -%}
case when {{ text }} ~ '{{ notation_of(type) }}' then cast({{ text }} as {{ type }}) end
{%- endif -%}
{%- endmacro %}

{# How values of a type are written, as a regular expression of Postgres. #}
{% macro notation_of(type) %}
{%- set days = ['[0-9]{4}-(0?[13578]|1[02])-(0?[1-9]|[12][0-9]|3[01])', '[0-9]{4}-(0?[469]|11)-(0?[1-9]|[12][0-9]|30)',
    '[0-9]{4}-0?2-(0?[1-9]|1[0-9]|2[0-8])', '([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-0?2-29'] %}
{%- set day = '(?!0000)(' ~ days | join('|') ~ ')' %}
{%- set clock = '([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?' %}
{{ return({
    'date': '^' ~ day ~ '([ T]' ~ clock ~ ')?$',
    'timestamp': '^' ~ day ~ '([ T]' ~ clock ~ ')?$',
    'double precision': '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$',
    'boolean': '(?i)^(true|false|t|f|1|0|yes|no|y|n)$',
    'interval': '^-?[0-9]{1,6}:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$',
}[type]) }}
{% endmacro %}

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
    {{ staged_as_json() }} as staged_row
from {{ ref('staged_runs') }} as staged
where source_system = '{{ system }}' and rejected is not null
{% endmacro %}

{# The whole staged row as JSON. #}
{% macro staged_as_json() %}{{ return(adapter.dispatch('staged_as_json')()) }}{% endmacro %}
{% macro duckdb__staged_as_json() %}cast(to_json(staged) as varchar){% endmacro %}

{# Postgres writes some types another way: here as DuckDB does. #}
{% macro default__staged_as_json() -%}
{%- set first_results = ['pos_raw', 'status', 'pos_num', 'odds'] -%}
{%- set columns = ['source_system'] + identity_columns() + card_columns() + first_results
    + (result_columns() | reject('in', first_results) | list) + ['rejected', 'reason', 'removed_values'] -%}
'{' || concat_ws(','
        {%- for column in columns %},
        '"{{ column }}":' || coalesce({{ value_as_json(column) }}, 'null')
        {%- endfor %}) || '}'
{%- endmacro %}

{% macro value_as_json(column) -%}
{%- set types = dict(typed_race_columns(), **typed_runner_columns()) -%}
{%- if types[column] == 'double precision' -%}{{ written(column) }}
{%- elif types[column] == 'timestamp' -%}cast(to_json(cast({{ column }} as varchar)) as varchar)
{%- else -%}cast(to_json({{ column }}) as varchar)
{%- endif -%}
{%- endmacro %}
