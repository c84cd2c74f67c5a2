{% macro get_drop_backup_sql(relation) -%}
  {{ return(adapter.dispatch('get_drop_backup_sql', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_drop_backup_sql(relation) -%}
{{ return(get_drop_sql(make_backup_relation(relation, relation.type))) }}
{%- endmacro %}
