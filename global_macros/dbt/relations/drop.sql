{#- The statement that removes a relation of its kind, with what depends on it. #}
{% macro get_drop_sql(relation) -%}
  {{ return(adapter.dispatch('get_drop_sql', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_drop_sql(relation) -%}
  {%- if relation.type == 'view' -%}
    {{ drop_view(relation) }}
  {%- elif relation.type == 'materialized_view' -%}
    {{ drop_materialized_view(relation) }}
  {%- elif relation.type == 'table' -%}
    {{ drop_table(relation) }}
  {%- else -%}
    drop {{ relation.type | replace('_', ' ') }} if exists {{ relation.render() }} cascade
  {%- endif -%}
{%- endmacro %}

{% macro drop_relation(relation) -%}
  {{ return(adapter.dispatch('drop_relation', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) -%}
    {{ get_drop_sql(relation) }}
  {%- endcall -%}
{%- endmacro %}

{% macro drop_relation_if_exists(relation) -%}
  {%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{%- endmacro %}
