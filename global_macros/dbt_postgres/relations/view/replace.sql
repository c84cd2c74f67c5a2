{#- Two statements: `create or replace view` must keep the columns it finds. #}
{% macro postgres__get_replace_view_sql(relation, sql) -%}
{{ get_drop_sql(relation) }};
{{ get_create_view_as_sql(relation, sql) }}
{%- endmacro %}
