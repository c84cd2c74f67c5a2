{#-
  Puts a relation in another's place. Kinds that the database replaces in one statement use it;
  those that can be renamed are built beside the old one and swapped; the rest are dropped first.
#}
{% macro get_replace_sql(existing_relation, target_relation, sql) -%}
  {{ return(adapter.dispatch('get_replace_sql', 'dbt')(existing_relation, target_relation, sql)) }}
{%- endmacro %}

{% macro default__get_replace_sql(existing_relation, target_relation, sql) -%}
  {%- set same_type = existing_relation.type == target_relation.type -%}
  {%- if same_type and target_relation.can_be_replaced -%}
    {%- if target_relation.type == 'view' -%}
      {{ return(get_replace_view_sql(target_relation, sql)) }}
    {%- elif target_relation.type == 'table' -%}
      {{ return(get_replace_table_sql(target_relation, sql)) }}
    {%- else -%}
      {{ return(get_replace_materialized_view_sql(target_relation, sql)) }}
    {%- endif -%}
  {%- endif -%}
  {%- if target_relation.can_be_renamed and existing_relation.can_be_renamed -%}
    {{ get_create_intermediate_sql(target_relation, sql) }};
    {{ get_create_backup_sql(existing_relation) }};
    {{ get_rename_intermediate_sql(target_relation) }};
    {{ get_drop_backup_sql(existing_relation) }}
  {%- elif target_relation.can_be_renamed -%}
    {{ get_create_intermediate_sql(target_relation, sql) }};
    {{ get_drop_sql(existing_relation) }};
    {{ get_rename_intermediate_sql(target_relation) }}
  {%- else -%}
    {{ get_drop_sql(existing_relation) }};
        {{ get_create_sql(target_relation, sql) }}
  {%- endif -%}
{%- endmacro %}
