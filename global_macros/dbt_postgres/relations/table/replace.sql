{% macro postgres__get_replace_table_sql(relation, sql) -%}
{{ return(default__get_replace_table_sql(relation, sql)) }}
{%- endmacro %}
