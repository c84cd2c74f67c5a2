{% macro get_replace_materialized_view_sql(relation, sql) -%}
  {{ return(adapter.dispatch('get_replace_materialized_view_sql', 'dbt')(relation, sql)) }}
{%- endmacro %}

{% macro default__get_replace_materialized_view_sql(relation, sql) -%}
{{ exceptions.raise_not_implemented('get_replace_materialized_view_sql macro not implemented for adapter ' ~ adapter.type()) }}
{%- endmacro %}
