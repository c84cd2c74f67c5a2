{# The steps of dbt's materialized view, in the order they run. #}
{% macro materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) -%}
    {# What a run that was killed has left behind. #}
    {% do drop_relation_if_exists(load_cached_relation(intermediate_relation)) %}
    {% do drop_relation_if_exists(load_cached_relation(backup_relation)) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
{%- endmacro %}

{# The SQL that brings the view to what the model says; empty when there is nothing to do. #}
{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) -%}
    {% if existing_relation is none %}
        {{ return(get_create_materialized_view_as_sql(target_relation, sql)) }}
    {% elif should_full_refresh() or not existing_relation.is_materialized_view %}
        {{ return(get_replace_sql(existing_relation, target_relation, sql)) }}
    {% endif %}
    {% set changes = get_materialized_view_configuration_changes(existing_relation, config) %}
    {% set on_change = config.get('on_configuration_change') or 'apply' %}
    {% if changes is none %}
        {{ return(refresh_materialized_view(target_relation)) }}
    {% elif on_change == 'apply' %}
        {{ return(get_alter_materialized_view_as_sql(target_relation, changes, sql, existing_relation, backup_relation, intermediate_relation)) }}
    {% elif on_change == 'continue' %}
        {{ exceptions.warn('Configuration changes were identified and `on_configuration_change` was set to `continue` for `' ~ target_relation ~ '`') }}
        {{ return('') }}
    {% elif on_change == 'fail' %}
        {{ exceptions.raise_fail_fast_error('Configuration changes were identified and `on_configuration_change` was set to `fail` for `' ~ target_relation ~ '`') }}
    {% else %}
        {{ exceptions.raise_compiler_error('Unexpected configuration scenario: `' ~ on_change ~ '`') }}
    {% endif %}
{%- endmacro %}

{# Records a result although nothing runs. #}
{% macro materialized_view_execute_no_op(target_relation) -%}
    {% do store_raw_result(name='main', message='skip ' ~ target_relation, code='skip', rows_affected='-1') %}
{%- endmacro %}

{% macro materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement(name='main') %}{{ build_sql }}{% endcall %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, full_refresh_mode=True)) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
{%- endmacro %}

{% macro materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) -%}
    {% do drop_relation_if_exists(backup_relation) %}
    {% do drop_relation_if_exists(intermediate_relation) %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{%- endmacro %}
