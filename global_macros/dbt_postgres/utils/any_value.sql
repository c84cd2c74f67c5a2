{#- PostgreSQL before 16 has no any_value. #}
{% macro postgres__any_value(expression) -%}
(array_agg({{ expression }}))[1]
{%- endmacro %}
