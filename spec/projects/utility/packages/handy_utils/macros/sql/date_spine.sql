{#- How many whole parts lie between two dates: the database counts them. #}
{% macro get_intervals_between(start_date, end_date, datepart) -%}
    {{ return(adapter.dispatch('get_intervals_between', 'handy_utils')(start_date, end_date, datepart)) }}
{%- endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
    {%- call statement('intervals_between', fetch_result=True) %}
        select {{ dbt.datediff(start_date, end_date, datepart) }} as intervals
    {%- endcall -%}
    {%- set answer = load_result('intervals_between') if execute else none -%}
    {%- if answer and answer['data'] -%}
        {{ return(answer['data'][0][0]) }}
    {%- endif -%}
    {{ return(1) }}
{%- endmacro %}

{#- One row for each part from the first date to before the last: column `date_<part>`. #}
{% macro date_spine(datepart, start_date, end_date) %}
    {{ return(adapter.dispatch('date_spine', 'handy_utils')(datepart, start_date, end_date)) }}
{% endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
with steps as (
    {{ handy_utils.generate_series(handy_utils.get_intervals_between(start_date, end_date, datepart)) | indent(4) }}
),

spine as (
    select {{ dbt.dateadd(datepart, 'generated_number - 1', start_date) | trim }} as date_{{ datepart }}
    from steps
)

select *
from spine
where date_{{ datepart }} < {{ end_date }}
{% endmacro %}
