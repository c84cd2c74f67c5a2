{#- Tests of a whole table. Each is a query for what is wrong. #}

{% test equal_rowcount(model, compare_model) %}
    {{ return(adapter.dispatch('test_equal_rowcount', 'handy_utils')(model, compare_model)) }}
{% endtest %}

{% macro default__test_equal_rowcount(model, compare_model) %}
    {{ config(fail_calc='sum(coalesce(apart, 0))') }}
select abs((select count(*) from {{ model }}) - (select count(*) from {{ compare_model }})) as apart
{% endmacro %}

{% test expression_is_true(model, expression, column_name=None) %}
    {{ return(adapter.dispatch('test_expression_is_true', 'handy_utils')(model, expression, column_name)) }}
{% endtest %}

{% macro default__test_expression_is_true(model, expression, column_name) %}
select {{ '*' if should_store_failures() else '1' }} as broken
from {{ model }}
where not({{ column_name ~ ' ' if column_name is not none }}{{ expression }})
{% endmacro %}

{% test recency(model, field, datepart, interval, as_of='current_timestamp', group_by_columns=[]) %}
    {{ return(adapter.dispatch('test_recency', 'handy_utils')(model, field, datepart, interval, as_of, group_by_columns)) }}
{% endtest %}

{% macro default__test_recency(model, field, datepart, interval, as_of, group_by_columns) %}
{%- set groups = group_by_columns | join(', ') %}
select {{ groups ~ ', ' if groups }}max({{ field }}) as most_recent
from {{ model }}
{{ 'group by ' ~ groups if groups }}
having max({{ field }}) is null or max({{ field }}) < {{ dbt.dateadd(datepart, interval * -1, as_of) | trim }}
{% endmacro %}

{% test unique_combination_of_columns(model, combination_of_columns, quote_columns=false) %}
    {{ return(adapter.dispatch('test_unique_combination_of_columns', 'handy_utils')(model, combination_of_columns, quote_columns)) }}
{% endtest %}

{% macro default__test_unique_combination_of_columns(model, combination_of_columns, quote_columns=false) %}
    {%- if quote_columns not in (true, false) -%}
        {{ exceptions.raise_compiler_error('quote_columns is true or false, not ' ~ quote_columns) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in combination_of_columns -%}
        {%- do columns.append(adapter.quote(column) if quote_columns else column) -%}
    {%- endfor %}
select {{ columns | join(', ') }}
from {{ model }}
{{ handy_utils.group_by(columns | length) }}
having count(*) > 1
{% endmacro %}

{#- Ranges that overlap, or whose ends are wrong; `gaps` says what may lie between two. #}
{% test mutually_exclusive_ranges(model, lower_bound_column, upper_bound_column, partition_by=None, gaps='allowed', zero_length_range_allowed=False) %}
    {{ return(adapter.dispatch('test_mutually_exclusive_ranges', 'handy_utils')(model, lower_bound_column, upper_bound_column, partition_by, gaps, zero_length_range_allowed)) }}
{% endtest %}

{% macro default__test_mutually_exclusive_ranges(model, lower_bound_column, upper_bound_column, partition_by=None, gaps='allowed', zero_length_range_allowed=False) %}
    {%- set operators = {'allowed': '<=', 'not_allowed': '=', 'required': '<'} -%}
    {%- if gaps not in operators -%}
        {{ exceptions.raise_compiler_error("gaps is one of " ~ operators.keys() | list ~ ", not '" ~ gaps ~ "'") }}
    {%- endif -%}
    {%- set partition = 'partition by ' ~ partition_by if partition_by else '' %}
with ranges as (
    select
        {{ lower_bound_column }} as lower_bound,
        {{ upper_bound_column }} as upper_bound,
        lead({{ lower_bound_column }}) over ({{ partition }} order by {{ lower_bound_column }}, {{ upper_bound_column }}) as next_lower_bound
    from {{ model }}
)

select *
from ranges
where not coalesce(lower_bound {{ '<=' if zero_length_range_allowed else '<' }} upper_bound, false)
    or not coalesce(upper_bound {{ operators[gaps] }} next_lower_bound, next_lower_bound is null)
{% endmacro %}
