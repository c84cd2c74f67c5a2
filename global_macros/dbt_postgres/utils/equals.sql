{% macro postgres__equals(expr1, expr2) -%}
({{ expr1 }} is not distinct from {{ expr2 }})
{%- endmacro %}
