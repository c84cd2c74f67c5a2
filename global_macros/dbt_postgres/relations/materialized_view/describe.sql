{% macro postgres__describe_materialized_view(relation) -%}
{{ return({'indexes': run_query(get_show_indexes_sql(relation))}) }}
{%- endmacro %}
