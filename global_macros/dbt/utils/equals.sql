{#-
  Equality. With `flags: {enable_truthy_nulls_equals_macro: true}` in the project file it holds between
  two nulls, and is never null itself.
#}

{% macro equals(expr1, expr2) -%}
  {{ return(adapter.dispatch('equals', 'dbt')(expr1, expr2)) }}
{%- endmacro %}

{% macro default__equals(expr1, expr2) -%}
{%- if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn -%}
(case when {{ expr1 }} = {{ expr2 }} or ({{ expr1 }} is null and {{ expr2 }} is null) then 1 else 0 end = 1)
{%- else -%}
({{ expr1 }} = {{ expr2 }})
{%- endif -%}
{%- endmacro %}
