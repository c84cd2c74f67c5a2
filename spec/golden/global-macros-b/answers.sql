{#
  Macros that ask the database or write to it, as the scenes of the tests answer them: these win
  over those of global_macros.
#}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') -%}{{ base_relation.identifier }}{{ suffix }}{%- endmacro %}
{% macro create_table_as(temporary, relation, compiled_code, language='sql') -%}
    create {{ 'temporary' if temporary }} table {{ relation }} as ({{ compiled_code }})
{%- endmacro %}
{% macro drop_relation_if_exists(relation) -%}{% do adapter.drop_relation(relation) if relation %}{%- endmacro %}
{% macro load_cached_relation(relation) -%}{{ return(load_relation(relation)) }}{%- endmacro %}
{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}{{ return(query_columns) }}{%- endmacro %}
{% macro get_columns_in_query(select_sql) -%}{{ return(columns_of_query(select_sql)) }}{%- endmacro %}
{% macro get_snapshot_get_time_data_type() -%}{{ return('TIMESTAMP') }}{%- endmacro %}
{% macro refresh_materialized_view(relation) -%}refresh materialized view {{ relation }}{%- endmacro %}
{% macro get_create_materialized_view_as_sql(relation, sql) -%}create materialized view {{ relation }} as {{ sql }}{%- endmacro %}
{% macro get_replace_sql(existing_relation, target_relation, sql) -%}replace {{ existing_relation }} by {{ sql }}{%- endmacro %}
{% macro get_materialized_view_configuration_changes(existing_relation, new_config) -%}{{ return(new_config.get('changes')) }}{%- endmacro %}
{% macro get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}alter {{ relation }}{%- endmacro %}
{% macro apply_grants(relation, grant_config, should_revoke=True) -%}{%- endmacro %}
{% macro should_revoke(existing_relation, full_refresh_mode=True) -%}{{ return(False) }}{%- endmacro %}
{% macro persist_docs(relation, model, for_relation=true, for_columns=true) -%}{%- endmacro %}
