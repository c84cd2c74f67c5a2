{#
  The rows given to a unit test as a query with all columns of the relation they stand for: what a
  row does not say is null of the column's type. Whitespace as in dbt's compiled text.
#}
{% macro get_fixture_sql(rows, column_name_to_data_types) %}
{%- set types = {} -%}
{%- set quoted = {} -%}
{%- set empty_row = {} -%}
{%- if column_name_to_data_types -%}
    {%- do types.update(column_name_to_data_types) -%}
{%- else -%}
    {%- set relation = load_relation(this) -%}
    {%- if relation is none -%}
        {{ exceptions.raise_compiler_error("Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this ~ " because the relation doesn't exist") }}
    {%- endif -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
        {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
{%- endif -%}
{%- for name, type in types.items() -%}
    {%- do empty_row.update({name: 'cast(null as ' ~ type ~ ')'}) -%}
{%- endfor %}
-- Fixture for {{ model.name }}
{% for row in rows or [] -%}
    {%- do validate_fixture_rows(rows, loop.index0) -%}
    {%- set cells = dict(empty_row, **format_row(row, types)) -%}
    select {% for name, value in cells.items() %}{{ value }} as {{ quoted.get(name, adapter.quote(name)) }}{{ ', ' if not loop.last }}{% endfor %}
    {{- '\nunion all\n' if not loop.last }}
{%- else -%}
    select {% for name, value in empty_row.items() %}{{ value }} as {{ quoted.get(name, adapter.quote(name)) }}{{ ', ' if not loop.last }}{% endfor %}
    {{- '\n' }}limit 0
{%- endfor -%}
{% endmacro %}

{# The rows a unit test expects: only the columns it names. #}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) -%}
{%- for row in rows or [] -%}
    {%- do validate_fixture_rows(rows, loop.index0) -%}
    select {% for name, value in format_row(row, column_name_to_data_types).items() %}{{ value }} as {{ column_name_to_quoted[name] }}{{ ', ' if not loop.last }}{% endfor %}
    {{- '\nunion all\n' if not loop.last }}
{%- else -%}
    select * from dbt_internal_unit_test_actual
    limit 0
{%- endfor -%}
{%- endmacro %}

{#
  A row of a fixture as SQL: name of the column in lower case → cast of its value. A text is cast to
  its type without the length, so that a long one is compared as a whole.
#}
{% macro format_row(row, column_name_to_data_types) -%}
    {%- set cells = {} -%}
    {%- for written, value in row.items() -%}
        {%- set name = written | lower -%}
        {%- set type = column_name_to_data_types.get(name) -%}
        {%- if type is none -%}
            {%- set place = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" -%}
            {{ exceptions.raise_compiler_error("Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ place ~ ".\nAccepted columns for " ~ place ~ " are: " ~ (column_name_to_data_types.keys() | list)) }}
        {%- endif -%}
        {%- if value is none -%}
            {%- set cell = dbt.safe_cast('null', type) -%}
        {%- elif value is string -%}
            {%- set base = type.split('(')[0] -%}
            {%- set is_text = 'char' in base | lower or 'text' in base | lower or 'string' in base | lower -%}
            {%- set cell = dbt.safe_cast(dbt.string_literal(dbt.escape_single_quotes(value)), base if is_text else type) -%}
        {%- else -%}
            {%- set cell = dbt.safe_cast(value, type) -%}
        {%- endif -%}
        {%- do cells.update({name: cell}) -%}
    {%- endfor -%}
    {{ return(cells) }}
{%- endmacro %}

{# A place for adapters to refuse a row; by default every row is good. #}
{% macro validate_fixture_rows(rows, row_number) -%}
    {{ return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) }}
{%- endmacro %}

{% macro default__validate_fixture_rows(rows, row_number) -%}
    {{ return(none) }}
{%- endmacro %}
