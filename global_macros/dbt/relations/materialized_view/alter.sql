{#- Brings a materialized view's settings to those of the project, without a rebuild where it can. #}
{% macro get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {{ return(adapter.dispatch('get_alter_materialized_view_as_sql', 'dbt')(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation)) }}
{%- endmacro %}

{% macro default__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
{{ exceptions.raise_not_implemented('get_alter_materialized_view_as_sql macro not implemented for adapter ' ~ adapter.type()) }}
{%- endmacro %}

{#- What differs between the database's settings and the project's; none when nothing does. #}
{% macro get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {{ return(adapter.dispatch('get_materialized_view_configuration_changes', 'dbt')(existing_relation, new_config)) }}
{%- endmacro %}

{% macro default__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
{{ exceptions.raise_not_implemented('get_materialized_view_configuration_changes macro not implemented for adapter ' ~ adapter.type()) }}
{%- endmacro %}
