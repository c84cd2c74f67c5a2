{#- How many boundaries of `datepart` lie between two dates; needs the database, so 1 while parsing. #}

{% macro get_intervals_between(start_date, end_date, datepart) -%}
  {{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}
{%- endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
  {%- if not execute -%}{{ return(1) }}{%- endif -%}
  {%- call statement('get_intervals_between', fetch_result=True) %}
    select {{ dbt.datediff(start_date, end_date, datepart) }}
  {% endcall -%}
  {{ return(load_result('get_intervals_between').table.columns[0].values()[0] | int) }}
{%- endmacro %}


{#- One row per `datepart` from start_date on, before end_date, in the column date_<datepart>. #}

{% macro date_spine(datepart, start_date, end_date) -%}
  {{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}
{%- endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) -%}
with numbers as (
  {{ dbt.generate_series(dbt.get_intervals_between(start_date, end_date, datepart)) }}
),

spine as (
  select {{ dbt.dateadd(datepart, 'generated_number - 1', start_date) }} as date_{{ datepart }}
  from numbers
)

select *
from spine
where date_{{ datepart }} <= {{ end_date }}
{%- endmacro %}
