{% macro duckdb__last_day(date, datepart) -%}
{{ return(dbt.default_last_day(date, datepart)) }}
{%- endmacro %}
