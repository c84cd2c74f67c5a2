{% macro get_rename_sql(relation, new_name) -%}
  {{ return(adapter.dispatch('get_rename_sql', 'dbt')(relation, new_name)) }}
{%- endmacro %}

{% macro default__get_rename_sql(relation, new_name) -%}
  {%- if relation.type == 'view' -%}
    {{ return(get_rename_view_sql(relation, new_name)) }}
  {%- elif relation.type == 'table' -%}
    {{ return(get_rename_table_sql(relation, new_name)) }}
  {%- elif relation.type == 'materialized_view' -%}
    {{ return(get_rename_materialized_view_sql(relation, new_name)) }}
  {%- endif -%}
  {{ exceptions.raise_compiler_error('get_rename_sql: there is no relation of the type ' ~ relation.type) }}
{%- endmacro %}

{#- `alter table` renames views as well where nothing else is said. #}
{% macro rename_relation(from_relation, to_relation) -%}
  {{ return(adapter.dispatch('rename_relation', 'dbt')(from_relation, to_relation)) }}
{%- endmacro %}

{% macro default__rename_relation(from_relation, to_relation) -%}
  {%- call statement('rename_relation') -%}
    alter table {{ from_relation.render() }} rename to {{ adapter.quote_as_configured(to_relation.identifier, 'identifier') }}
  {%- endcall -%}
{%- endmacro %}
