{#- DuckDB alters one column per statement. #}
{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) -%}
  {%- for column in add_columns or [] -%}
    {%- set sql %}
       alter {{ relation.type }} {{ relation }} add column
           {{ column.quoted }} {{ column.data_type }}
    {%- endset -%}
    {%- do run_query(sql) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- set sql %}
      alter {{ relation.type }} {{ relation }} drop column
          {{ column.quoted }}
    {%- endset -%}
    {%- do run_query(sql) -%}
  {%- endfor -%}
{%- endmacro %}

{# One step fewer than the default's: DuckDB alters no table with rows that the same transaction has updated. #}
{% macro duckdb__alter_column_type(relation, column_name, new_column_type) -%}
  {%- set column = adapter.quote(column_name) -%}
  {%- set altered = adapter.quote(column_name ~ '__dbt_alter') -%}
  {%- call statement('alter_column_type') -%}
    alter table {{ relation.render() }} add column {{ altered }} {{ new_column_type }};
    alter table {{ relation.render() }} alter column {{ altered }} type {{ new_column_type }} using cast({{ column }} as {{ new_column_type }});
    alter table {{ relation.render() }} drop column {{ column }} cascade;
    alter table {{ relation.render() }} rename column {{ altered }} to {{ column }}
  {% endcall -%}
{%- endmacro %}
