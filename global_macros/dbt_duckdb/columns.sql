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
