{# A known value of the config as it is; for anything else the default, with a line in the log. #}
{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') -%}
    {% if on_schema_change in ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'] %}
        {{ return(on_schema_change) }}
    {% endif %}
    {% do log('Invalid value for on_schema_change (' ~ on_schema_change ~ ') specified. Setting default value of ' ~ default ~ '.') %}
    {{ return(default) }}
{%- endmacro %}

{#
  How the columns of two relations differ: {schema_changed, source_not_in_target,
  target_not_in_source, source_columns, target_columns, new_target_types}.
#}
{% macro check_for_schema_changes(source_relation, target_relation) -%}
    {{ return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) }}
{%- endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) -%}
    {% set source_columns = adapter.get_columns_in_relation(source_relation) %}
    {% set target_columns = adapter.get_columns_in_relation(target_relation) %}
    {% set added = diff_columns(source_columns, target_columns) %}
    {% set gone = diff_columns(target_columns, source_columns) %}
    {% set retyped = diff_column_data_types(source_columns, target_columns) %}
    {{ return({
        'schema_changed': (added or gone or retyped) | length > 0,
        'source_not_in_target': added,
        'target_not_in_source': gone,
        'source_columns': source_columns,
        'target_columns': target_columns,
        'new_target_types': retyped
    }) }}
{%- endmacro %}

{# Changes the target: columns are added, and with sync_all_columns also dropped and retyped. #}
{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) -%}
    {{ return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) }}
{%- endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) -%}
    {% set added = schema_changes_dict['source_not_in_target'] %}
    {% set gone = schema_changes_dict['target_not_in_source'] if on_schema_change == 'sync_all_columns' else [] %}
    {% set retyped = schema_changes_dict['new_target_types'] if on_schema_change == 'sync_all_columns' else [] %}
    {% if added or gone %}
        {% do alter_relation_add_remove_columns(target_relation, added, gone) %}
    {% endif %}
    {% for change in retyped %}
        {% do alter_column_type(target_relation, change['column_name'], change['new_type']) %}
    {% endfor %}
    {% do log(
        'In ' ~ target_relation ~ ': schema change approach ' ~ on_schema_change ~ '; added ' ~ added
        ~ ', dropped ' ~ gone ~ ', types ' ~ retyped
    ) %}
{%- endmacro %}

{# Does what `on_schema_change` says; answers the columns to insert, {} for ignore. #}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) -%}
    {{ return(adapter.dispatch('process_schema_changes', 'dbt')(on_schema_change, source_relation, target_relation)) }}
{%- endmacro %}

{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) -%}
    {% if on_schema_change == 'ignore' %}
        {{ return({}) }}
    {% endif %}
    {% set changes = check_for_schema_changes(source_relation, target_relation) %}
    {% if changes['schema_changed'] and on_schema_change == 'fail' %}
        {% set message %}
The source and target schemas on this incremental model are out of sync!
They can be reconciled in several ways:
  - set the `on_schema_change` config to either append_new_columns or sync_all_columns, depending on your situation.
  - Re-run the incremental model with `full_refresh: True` to update the target schema.
  - update the schema manually and re-run the process.

Additional troubleshooting context:
   Source columns not in target: {{ changes['source_not_in_target'] }}
   Target columns not in source: {{ changes['target_not_in_source'] }}
   New column types: {{ changes['new_target_types'] }}
        {%- endset %}
        {{ exceptions.raise_compiler_error(message | trim) }}
    {% elif changes['schema_changed'] %}
        {% do sync_column_schemas(on_schema_change, target_relation, changes) %}
    {% endif %}
    {{ return(changes['source_columns']) }}
{%- endmacro %}
