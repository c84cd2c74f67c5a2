{% macro get_powers_of_two(upper_bound) %}
    {{ return(adapter.dispatch('get_powers_of_two', 'handy_utils')(upper_bound)) }}
{% endmacro %}

{% macro default__get_powers_of_two(upper_bound) %}
    {%- if upper_bound <= 0 -%}
        {{ exceptions.raise_compiler_error('generate_series needs a bound above 0, not ' ~ upper_bound) }}
    {%- endif -%}
    {%- set found = namespace(power=1) -%}
    {%- for power in range(1, 64) -%}
        {%- if 2 ** power >= upper_bound -%}
            {%- set found.power = power -%}
            {%- break -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found.power) }}
{% endmacro %}

{#- The numbers 1 to the bound, in `generated_number`. #}
{% macro generate_series(upper_bound) %}
    {{ return(adapter.dispatch('generate_series', 'handy_utils')(upper_bound)) }}
{% endmacro %}

{% macro default__generate_series(upper_bound) %}
{%- set powers = handy_utils.get_powers_of_two(upper_bound) -%}
with bits as (
    select 0 as bit union all select 1
),

numbers as (
    select
        1
        {%- for power in range(powers) %}
        + b{{ power }}.bit * {{ 2 ** power }}
        {%- endfor %} as generated_number
    from bits as b0
    {%- for power in range(1, powers) %}
    cross join bits as b{{ power }}
    {%- endfor %}
)

select generated_number
from numbers
where generated_number <= {{ upper_bound }}
{% endmacro %}

{% macro postgres__generate_series(upper_bound) %}
select generated_number from generate_series(1, {{ upper_bound }}) as numbers(generated_number)
{% endmacro %}
