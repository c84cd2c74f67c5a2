{#- The least n with 2^n >= upper_bound. #}

{% macro get_powers_of_two(upper_bound) -%}
  {{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }}
{%- endmacro %}

{% macro default__get_powers_of_two(upper_bound) -%}
  {%- if upper_bound <= 0 -%}
    {{ exceptions.raise_compiler_error('upper bound must be positive') }}
  {%- endif -%}
  {%- for exponent in range(1, 100) if 2 ** exponent >= upper_bound -%}
    {{ return(exponent) }}
  {%- endfor -%}
{%- endmacro %}


{#- The numbers from 1 to upper_bound in the column generated_number, in any SQL: binary digits, cross joined. #}

{% macro generate_series(upper_bound) -%}
  {{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}
{%- endmacro %}

{% macro default__generate_series(upper_bound) -%}
  {%- set digits = dbt.get_powers_of_two(upper_bound) -%}
with digit as (
  select 0 as generated_number
  union all
  select 1
),

every_number as (
  select
    {% for i in range(digits) -%}
    d{{ i }}.generated_number * {{ 2 ** i }} +
    {% endfor -%}
    1 as generated_number
  from digit as d0
  {% for i in range(1, digits) -%}
  cross join digit as d{{ i }}
  {% endfor %}
)

select *
from every_number
where generated_number <= {{ upper_bound }}
order by generated_number
{%- endmacro %}
