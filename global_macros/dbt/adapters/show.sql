{#- What `show` sends: the query's first rows, all of them when limit is none. #}
{% macro get_show_sql(compiled_code, sql_header, limit) -%}
  {%- if sql_header -%}
{{ sql_header }}
{% endif -%}
{{ get_limit_subquery_sql(compiled_code, limit) }}
{%- endmacro %}

{% macro get_limit_subquery_sql(sql, limit) -%}
  {{ return(adapter.dispatch('get_limit_sql', 'dbt')(sql, limit)) }}
{%- endmacro %}

{#- The limit starts a line of its own: the query may end in a comment. #}
{% macro default__get_limit_sql(sql, limit) -%}
{{ sql }}
{%- if limit is not none %}
limit {{ limit }}
{%- endif -%}
{%- endmacro %}
