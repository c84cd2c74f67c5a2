{#
  Macros of the other folders of global_macros that the ones under test call. Those in
  global_macros win; this file goes when all are there.
#}
{% macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') -%}
    {% set sql = caller() %}
    {% do write(sql) %}
    {% set response, table = adapter.execute(sql, auto_begin=auto_begin, fetch=fetch_result) %}
    {% do store_result(name, response=response, agate_table=table) if name is not none %}
{%- endmacro %}
{% macro safe_cast(field, type) %}
    {# dbt's text has this line #}
    cast({{ field }} as {{ type }})
{% endmacro %}
{% macro string_literal(value) -%}'{{ value }}'{%- endmacro %}
{% macro escape_single_quotes(expression) -%}{{ expression | replace("'", "''") }}{%- endmacro %}
{% macro snapshot_get_time() -%}now()::timestamp{{ ' without time zone' if adapter.type() == 'postgres' }}{%- endmacro %}
{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) -%}
    {%- for column in add_columns or [] -%}
        {%- call statement() -%}alter table {{ relation }} add column {{ column.quoted }} {{ column.data_type }}{%- endcall -%}
    {%- endfor -%}
    {%- for column in remove_columns or [] -%}
        {%- call statement() -%}alter table {{ relation }} drop column {{ column.quoted }}{%- endcall -%}
    {%- endfor -%}
{%- endmacro %}
{% macro alter_column_type(relation, column_name, new_column_type) -%}
    {% call statement() %}alter table {{ relation }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }}{% endcall %}
{%- endmacro %}
