{#- Two statements: PostgreSQL has no `create or replace table`. #}
{% macro postgres__get_replace_table_sql(relation, sql) -%}
{{ get_drop_sql(relation) }};
{{ get_create_table_as_sql(False, relation, sql) }}
{%- endmacro %}
