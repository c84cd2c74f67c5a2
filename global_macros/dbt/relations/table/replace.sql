{#- Two statements: not every database can replace one in place. #}
{% macro get_replace_table_sql(relation, sql) -%}
  {{ return(adapter.dispatch('get_replace_table_sql', 'dbt')(relation, sql)) }}
{%- endmacro %}

{% macro default__get_replace_table_sql(relation, sql) -%}
{{ get_drop_sql(relation) }};
{{ get_create_table_as_sql(False, relation, sql) }}
{%- endmacro %}
