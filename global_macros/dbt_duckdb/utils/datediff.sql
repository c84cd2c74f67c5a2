{#- Counts boundaries crossed. DuckDB's own weeks are spans of seven days; here they begin on Sunday. #}
{% macro duckdb__datediff(first_date, second_date, datepart) -%}
  {%- set first_ts = first_date ~ '::timestamp' -%}
  {%- set second_ts = second_date ~ '::timestamp' -%}
  {% if datepart == 'week' %}
        (({{ second_ts }}::date - date_part('dow', {{ second_ts }})::int - ({{ first_ts }}::date - date_part('dow', {{ first_ts }})::int)) // 7)
    {% else %}
        (date_diff('{{ datepart }}', {{ first_ts }}, {{ second_ts }} ))
    {% endif -%}
{%- endmacro %}
