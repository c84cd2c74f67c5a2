{#- `create or replace view` would have to keep the columns it finds. #}
{% macro postgres__get_replace_view_sql(relation, sql) -%}
{{ return(default__get_replace_view_sql(relation, sql)) }}
{%- endmacro %}
