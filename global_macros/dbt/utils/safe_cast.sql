{% macro safe_cast(field, type) -%}
  {{ return(adapter.dispatch('safe_cast', 'dbt')(field, type)) }}
{%- endmacro %}

{#- A database that has a cast yielding null on failure overrides this. #}
{% macro default__safe_cast(field, type) %}
    {# the plain cast fails on a value that does not fit #}
    cast({{ field }} as {{ type }})
{% endmacro %}
