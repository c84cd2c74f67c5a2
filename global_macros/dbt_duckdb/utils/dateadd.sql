{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) %}

    ({{ from_date_or_timestamp }} + cast({{ interval }} as bigint) * interval 1 {{ datepart }})

{%- endmacro %}
