{#- Two statements: not every database can replace one in place. #}
{% macro get_replace_view_sql(relation, sql) -%}
  {{ return(adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql)) }}
{%- endmacro %}

{% macro default__get_replace_view_sql(relation, sql) -%}
{{ get_drop_sql(relation) }};
{{ get_create_view_as_sql(relation, sql) }}
{%- endmacro %}

{#- A table is in the way of a view: without --full-refresh too it is dropped. #}
{% macro handle_existing_table(full_refresh, old_relation) -%}
  {{ return(adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation)) }}
{%- endmacro %}

{% macro default__handle_existing_table(full_refresh, old_relation) -%}
  {{ log('Dropping relation ' ~ old_relation.render() ~ ' because it is of type ' ~ old_relation.type) }}
  {%- do adapter.drop_relation(old_relation) -%}
{%- endmacro %}

{#- A whole view materialization for custom ones to call: returns its relations. #}
{% macro create_or_replace_view() -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set old_relation = load_cached_relation(this) -%}
  {%- set grant_config = config.get('grants') -%}
  {{ run_hooks(pre_hooks) }}
  {%- if old_relation is not none and old_relation.is_view -%}
    {%- do adapter.drop_relation(old_relation) -%}
  {%- elif old_relation is not none -%}
    {%- do handle_existing_table(should_full_refresh(), old_relation) -%}
  {%- endif -%}
  {%- call statement('main') -%}
    {{ get_create_view_as_sql(target_relation, sql) }}
  {%- endcall -%}
  {%- do apply_grants(target_relation, grant_config, should_revoke=should_revoke(old_relation, full_refresh_mode=True)) -%}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmacro %}
