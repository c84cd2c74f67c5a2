{# Layouts kept in databases (racing_schema, race_results): their tables in place, or the same tables as CSV files. #}

{# Rows of a relation, each once. An optional column it does not have is NULL: a name that an inner query does not find in its
   own tables is looked for outside. #}
{% macro rows_of(relation, columns, optional=[]) -%}
(
    select found.*
    from (select {% for column in optional %}null as "{{ column }}", {% endfor %}1 as one) as missing
    cross join lateral (
        select distinct {% for column in columns + optional %}"{{ column }}"{{ ', ' if not loop.last }}{% endfor %}
        from {{ relation }}
    ) as found
)
{%- endmacro %}

{# A column as a type. Files are text: what is not of the type is NULL. Tables in Postgres carry their types. #}
{% macro read_as(column, type) %}{{ return(adapter.dispatch('read_as')(column, type)) }}{% endmacro %}

{% macro default__read_as(column, type) %}cast({{ column }} as {{ type }}){% endmacro %}

{# try_cast rounds '7.5' to an integer, which is not what was written; '7.0' is 7. #}
{% macro duckdb__read_as(column, type) -%}
{%- if type == 'integer' -%}
case when regexp_full_match({{ given(column) }}, '-?[0-9]+([.]0*)?') then try_cast({{ given(column) }} as integer) end
{%- else -%}
try_cast({{ given(column) }} as {{ type }})
{%- endif -%}
{%- endmacro %}

{# What columns said that is not of their types, as the contract lists it: [weight_lbs] heavy; NULL when all could be read.
   `columns` has the column and its type by the name it is staged as. #}
{% macro not_read(columns) -%}
nullif(concat_ws('; '
    {%- for name, (column, type) in columns.items() %},
    case when {{ given(column) }} is not null and {{ read_as(column, type) }} is null then {{ removed(name, given(column)) }} end
    {%- endfor %}), '')
{%- endmacro %}

{# What the one group of a pattern matches; NULL without a match. #}
{% macro captured(text, pattern) %}{{ return(adapter.dispatch('captured')(text, pattern)) }}{% endmacro %}

{% macro default__captured(text, pattern) %}substring({{ text }} from '{{ pattern }}'){% endmacro %}

{% macro duckdb__captured(text, pattern) %}nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), ''){% endmacro %}

{# Surface from words of ground or track: AWT for the artificial ones, else TURF. #}
{% macro surface_of(text) -%}
case
    {%- for word in ['aw', 'awt'] %}
    when lower({{ text }}) = '{{ word }}' then 'AWT'
    {%- endfor %}
    {%- for word in ['all weather', 'all-weather', '(aw)', 'synthetic', 'standard', 'polytrack', 'tapeta', 'fibresand', 'dirt', 'sand'] %}
    when lower({{ text }}) like '%{{ word }}%' then 'AWT'
    {%- endfor %}
    else 'TURF'
end
{%- endmacro %}

{# Points of a race by the words of its class in lower case, on the scale of class_points; a benchmark of n is n − 30. #}
{% macro class_text_points(text) -%}
case
    when {{ captured(text, '(?:group|grade) ([1-3])') }} is not null
        then 110 - 10 * cast({{ captured(text, '(?:group|grade) ([1-3])') }} as integer)
    when {{ text }} like '%listed%' then 75
    when {{ captured(text, 'class ([1-7])') }} is not null
        then 80 - 10 * cast({{ captured(text, 'class ([1-7])') }} as integer)
    when {{ captured(text, '(?:bm|benchmark) ?([0-9]{2,3})') }} is not null
        then cast({{ captured(text, '(?:bm|benchmark) ?([0-9]{2,3})') }} as integer) - 30
    when {{ text }} like '%maiden%' then case when {{ text }} like '%2yo%' or {{ text }} like '%two-year-old%' then 20 else 25 end
end
{%- endmacro %}

{# race_results: position or code in the words shared by all systems. A number from 50 on, 0 and nothing are no position: a horse
   with a price ran and did not finish, one without did not run. Before the result there is nothing to say. #}
{% macro race_results_position(position, odds, has_result) -%}
{%- set codes = {
    'SCR': 'WD', 'LSCR': 'WD', 'SCRATCHED': 'WD', 'NR': 'WD', 'FELL': 'F', 'LR': 'UR', 'DQ': 'DSQ', 'DISQ': 'DSQ',
    'FF': 'DNF',
} -%}
case
    {%- for code, shared in codes.items() %}
    when {{ position }} = '{{ code }}' then '{{ shared }}'
    {%- endfor %}
    when cast({{ captured(position, '^([0-9]{1,9})$') }} as integer) between 1 and 49 then {{ position }}
    when {{ position }} is null or {{ captured(position, '^([0-9]+)$') }} is not null then
        case when {{ has_result }} then case when {{ odds }} > 0 then 'DNF' else 'WD' end end
    else {{ position }}
end
{%- endmacro %}

{# race_results: metres run at the end of section `call`, as the columns of the sectionals count them. Hong Kong counts sections by
   400 m whatever the first one's length; elsewhere they are the metres run, to the mark below. #}
{% macro sectional_mark(call, sections, distance_m, location) -%}
case
    when {{ location }} = 'HK' then 400 * ({{ call }})
    else 200 * cast(floor(({{ distance_m }} - 400 * ({{ sections }} - ({{ call }}))) / 200.0) as integer)
end
{%- endmacro %}

{# race_results: value of the column whose mark this is. #}
{% macro at_mark(prefix, mark) -%}
case {{ mark }}{% for metres in range(200, 3201, 200) %} when {{ metres }} then {{ prefix }}_{{ metres }}m{% endfor %} end
{%- endmacro %}

{# race_results: position at a mark; numbers from 50 on are none. #}
{% macro position_of(column) %}cast({{ captured(given(column), '^([1-9]|[1-4][0-9])(?:[.]0*)?$') }} as integer){% endmacro %}

{# race_results: seconds of a time kept as an interval; NULL for none and for 0. #}
{% macro seconds_of(column) %}nullif(cast(extract(epoch from {{ read_as(column, 'interval') }}) as double precision), 0.0){% endmacro %}

{# race_results: a horse's name as its sectionals are found by: their source writes apostrophes as HTML does. #}
{% macro horse_name_key(column) %}lower(replace({{ given(column) }}, '&#39;', '''')){% endmacro %}
