{# Cents as euros, with two decimals. #}
{% macro euros(cents) -%}
  {{ return(adapter.dispatch('euros', 'measures')(cents)) }}
{%- endmacro %}

{% macro default__euros(cents) -%}
  cast({{ cents }} / 100.0 as decimal(10, 2))
{%- endmacro %}
