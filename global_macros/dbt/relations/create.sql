{#- The statement that makes a relation of its own kind from a query. #}
{% macro get_create_sql(relation, sql) -%}
  {{ return(adapter.dispatch('get_create_sql', 'dbt')(relation, sql)) }}
{%- endmacro %}

{% macro default__get_create_sql(relation, sql) -%}
  {%- if relation.type == 'view' -%}
    {{ return(get_create_view_as_sql(relation, sql)) }}
  {%- elif relation.type == 'table' -%}
    {{ return(get_create_table_as_sql(False, relation, sql)) }}
  {%- elif relation.type == 'materialized_view' -%}
    {{ return(get_create_materialized_view_as_sql(relation, sql)) }}
  {%- endif -%}
  {{ exceptions.raise_compiler_error('get_create_sql: there is no relation of the type ' ~ relation.type) }}
{%- endmacro %}
