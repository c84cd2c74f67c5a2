{#-
  PostgreSQL has no datediff. Larger parts count boundaries crossed, each smaller part is the next
  larger one times its size plus the difference of the part itself. Weeks begin on Sunday.
#}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
  {%- set first_ts = '(' ~ first_date ~ ')::timestamp' -%}
  {%- set second_ts = '(' ~ second_date ~ ')::timestamp' -%}
  {% if datepart == 'year' %}
        (date_part('year', {{ second_ts }}) - date_part('year', {{ first_ts }}))
    {% elif datepart == 'quarter' %}
        ({{ dbt.datediff(first_date, second_date, 'year') }} * 4 + date_part('quarter', {{ second_ts }}) - date_part('quarter', {{ first_ts }}))
    {% elif datepart == 'month' %}
        ({{ dbt.datediff(first_date, second_date, 'year') }} * 12 + date_part('month', {{ second_ts }}) - date_part('month', {{ first_ts }}))
    {% elif datepart == 'day' %}
        (({{ second_date }})::date - ({{ first_date }})::date)
    {% elif datepart == 'week' %}
        ((({{ second_date }})::date - date_part('dow', {{ second_ts }})::int - (({{ first_date }})::date - date_part('dow', {{ first_ts }})::int)) / 7)
    {% elif datepart == 'hour' %}
        ({{ dbt.datediff(first_date, second_date, 'day') }} * 24 + date_part('hour', {{ second_ts }}) - date_part('hour', {{ first_ts }}))
    {% elif datepart == 'minute' %}
        ({{ dbt.datediff(first_date, second_date, 'hour') }} * 60 + date_part('minute', {{ second_ts }}) - date_part('minute', {{ first_ts }}))
    {% elif datepart == 'second' %}
        ({{ dbt.datediff(first_date, second_date, 'minute') }} * 60 + floor(date_part('second', {{ second_ts }})) - floor(date_part('second', {{ first_ts }})))
    {% elif datepart == 'millisecond' %}
        ({{ dbt.datediff(first_date, second_date, 'minute') }} * 60000 + floor(date_part('millisecond', {{ second_ts }})) - floor(date_part('millisecond', {{ first_ts }})))
    {% elif datepart == 'microsecond' %}
        ({{ dbt.datediff(first_date, second_date, 'minute') }} * 60000000 + floor(date_part('microsecond', {{ second_ts }})) - floor(date_part('microsecond', {{ first_ts }})))
    {% else %}
        {{ exceptions.raise_compiler_error("datediff of '" ~ datepart ~ "' is not supported on PostgreSQL") }}
    {% endif -%}
{%- endmacro %}
