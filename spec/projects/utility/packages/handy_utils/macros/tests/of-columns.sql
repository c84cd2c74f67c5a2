{#- Tests of a column. #}

{% test at_least_one(model, column_name, group_by_columns=[]) %}
    {{ return(adapter.dispatch('test_at_least_one', 'handy_utils')(model, column_name, group_by_columns)) }}
{% endtest %}

{% macro default__test_at_least_one(model, column_name, group_by_columns) %}
{%- set groups = group_by_columns | join(', ') %}
select {{ groups ~ ', ' if groups }}count({{ column_name }}) as filled
from {{ model }}
{{ 'group by ' ~ groups if groups }}
having count({{ column_name }}) = 0
{% endmacro %}

{% test not_constant(model, column_name, group_by_columns=[]) %}
    {{ return(adapter.dispatch('test_not_constant', 'handy_utils')(model, column_name, group_by_columns)) }}
{% endtest %}

{% macro default__test_not_constant(model, column_name, group_by_columns) %}
{%- set groups = group_by_columns | join(', ') %}
select {{ groups ~ ', ' if groups }}count(distinct {{ column_name }}) as values_met
from {{ model }}
{{ 'group by ' ~ groups if groups }}
having count(distinct {{ column_name }}) = 1
{% endmacro %}

{#- Both columns hold the same values, each as often. #}
{% test cardinality_equality(model, column_name, to, field) %}
    {{ return(adapter.dispatch('test_cardinality_equality', 'handy_utils')(model, column_name, to, field)) }}
{% endtest %}

{% macro default__test_cardinality_equality(model, column_name, to, field) %}
with here as (
    select {{ column_name }} as value, count(*) as times from {{ model }} {{ handy_utils.group_by(1) }}
),

there as (
    select {{ field }} as value, count(*) as times from {{ to }} {{ handy_utils.group_by(1) }}
)

(select * from here {{ dbt.except() }} select * from there)
union all
(select * from there {{ dbt.except() }} select * from here)
{% endmacro %}

{% test accepted_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}
    {{ return(adapter.dispatch('test_accepted_range', 'handy_utils')(model, column_name, min_value, max_value, inclusive)) }}
{% endtest %}

{% macro default__test_accepted_range(model, column_name, min_value, max_value, inclusive) %}
    {%- if min_value is none and max_value is none -%}
        {{ exceptions.raise_compiler_error('accepted_range needs min_value, max_value or both') }}
    {%- endif -%}
    {%- set equal = '=' if inclusive else '' %}
select *
from {{ model }}
where 1 = 2
    {%- if min_value is not none %}
    or not {{ column_name }} >{{ equal }} {{ min_value }}
    {%- endif %}
    {%- if max_value is not none %}
    or not {{ column_name }} <{{ equal }} {{ max_value }}
    {%- endif %}
{% endmacro %}

{#- Each value is the one before it plus the interval. #}
{% test sequential_values(model, column_name, interval=1, datepart=None, group_by_columns=[]) %}
    {{ return(adapter.dispatch('test_sequential_values', 'handy_utils')(model, column_name, interval, datepart, group_by_columns)) }}
{% endtest %}

{% macro default__test_sequential_values(model, column_name, interval, datepart, group_by_columns) %}
{%- set partition = 'partition by ' ~ (group_by_columns | join(', ')) if group_by_columns else '' %}
with in_order as (
    select
        {{ column_name }} as this_one,
        lag({{ column_name }}) over ({{ partition }} order by {{ column_name }}) as one_before
    from {{ model }}
)

select *
from in_order
{%- if datepart %}
where cast(this_one as {{ dbt.type_timestamp() }}) <> cast({{ dbt.dateadd(datepart, interval, 'one_before') | trim }} as {{ dbt.type_timestamp() }})
{%- else %}
where this_one <> one_before + {{ interval }}
{%- endif %}
{% endmacro %}

{% test relationships_where(model, column_name, to, field, from_condition='1=1', to_condition='1=1') %}
    {{ return(adapter.dispatch('test_relationships_where', 'handy_utils')(model, column_name, to, field, from_condition, to_condition)) }}
{% endtest %}

{% macro default__test_relationships_where(model, column_name, to, field, from_condition, to_condition) %}
select child.{{ column_name }}
from (select * from {{ model }} where {{ from_condition }}) as child
left join (select * from {{ to }} where {{ to_condition }}) as parent
    on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
{% endmacro %}
