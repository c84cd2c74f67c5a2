{% macro get_table_columns_and_constraints() -%}
  {{ return(adapter.dispatch('get_table_columns_and_constraints', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_table_columns_and_constraints() -%}
{{ return(table_columns_and_constraints()) }}
{%- endmacro %}

{#- The columns of the contract with their constraints, in parentheses, as `create table` takes them. #}
{% macro table_columns_and_constraints() %}
  (
    {% for column in model['columns'].values() -%}
    {{ _velo_contract_column(column) }}{{ ',' if not loop.last or model['constraints'] }}
    {% endfor %}
    {%- for constraint in model['constraints'] or [] %}
    {{ _velo_contract_constraint(constraint) }}{{ ',' if not loop.last }}
    {%- endfor %}
    )
{% endmacro %}

{#- One column: its name, type and constraints. #}
{% macro _velo_contract_column(column) -%}
  {{ adapter.quote(column['name']) if column['quote'] else column['name'] }} {{ column['data_type'] }}
  {%- for constraint in column['constraints'] or [] %} {{ _velo_constraint(constraint, '') }}{% endfor -%}
{%- endmacro %}

{#- One constraint over the table's columns, with its name when it has one. #}
{% macro _velo_contract_constraint(constraint) -%}
  {{ 'constraint ' ~ constraint['name'] ~ ' ' if constraint['name'] }}{{ _velo_constraint(constraint, ' (' ~ (constraint['columns'] or []) | join(', ') ~ ')') }}
{%- endmacro %}

{#- A constraint's own words; `columns` follows where the kind names columns. #}
{% macro _velo_constraint(constraint, columns) -%}
  {%- set type = constraint['type'] | string -%}
  {%- set expression = constraint['expression'] or '' -%}
  {%- set tail = ' ' ~ expression if expression else '' -%}
  {%- if type == 'not_null' -%}
    not null{{ tail }}
  {%- elif type == 'check' -%}
    check ({{ expression }})
  {%- elif type == 'unique' -%}
    unique{{ columns }}{{ tail }}
  {%- elif type == 'primary_key' -%}
    primary key{{ columns }}{{ tail }}
  {%- elif type == 'foreign_key' -%}
    {{ 'foreign key' ~ columns ~ ' ' if columns }}references {% if constraint['to'] %}{{ constraint['to'] }} ({{ (constraint['to_columns'] or []) | join(', ') }}){% else %}{{ expression }}{% endif %}
  {%- else -%}
    {{ expression }}
  {%- endif -%}
{%- endmacro %}

{% macro get_assert_columns_equivalent(sql) -%}
  {{ return(adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql)) }}
{%- endmacro %}

{% macro default__get_assert_columns_equivalent(sql) -%}
{{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{#- Raises a contract error unless the query has the contract's columns, of its types; prints nothing. #}
{% macro assert_columns_equivalent(sql) -%}
  {%- set sql_columns = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
  {%- set contract_columns = format_columns(get_column_schema_from_query(get_empty_schema_sql(model['columns']))) -%}
  {%- set found = sql_columns | map(attribute='formatted') | sort | list -%}
  {%- set wanted = contract_columns | map(attribute='formatted') | sort | list -%}
  {%- if found != wanted -%}
    {%- do exceptions.raise_contract_error(contract_columns, sql_columns) -%}
  {%- endif -%}
  {{ return('') }}
{%- endmacro %}

{#- Columns as dicts of name, data_type and both as one text, which is what contracts compare. #}
{% macro format_columns(columns) -%}
  {%- set formatted = [] -%}
  {%- for column in columns -%}
    {%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{%- endmacro %}

{% macro default__format_column(column) -%}
{{ return({'name': column.name, 'data_type': column.dtype, 'formatted': column.name | lower ~ ' ' ~ column.dtype}) }}
{%- endmacro %}
