{#- `any_value` would skip nulls; the first row's value is as good as any other and keeps them. #}
{% macro duckdb__any_value(expression) -%}
arbitrary({{ expression }})
{%- endmacro %}
