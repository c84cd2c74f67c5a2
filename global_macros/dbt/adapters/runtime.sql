{#- Packages ask which engine runs them; here it is never dbt's second one. #}
{% macro is_core_v2() -%}
{{ return(false) }}
{%- endmacro %}
