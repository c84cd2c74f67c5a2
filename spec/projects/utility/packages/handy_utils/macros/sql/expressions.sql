{#- Small expressions. #}

{% macro group_by(n) %}
    {{ return(adapter.dispatch('group_by', 'handy_utils')(n)) }}
{% endmacro %}

{% macro default__group_by(n) -%}
group by {% for i in range(1, n + 1) %}{{ i }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{% macro safe_divide(numerator, denominator) -%}
    {{ return(adapter.dispatch('safe_divide', 'handy_utils')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__safe_divide(numerator, denominator) -%}
( {{ numerator }} ) / nullif( ( {{ denominator }} ), 0)
{%- endmacro %}

{% macro safe_add(field_list) -%}
    {{ return(adapter.dispatch('safe_add', 'handy_utils')(field_list, *varargs)) }}
{%- endmacro %}

{% macro default__safe_add(field_list) -%}
    {%- if field_list is string -%}
        {#- The fields one by one, as the oldest callers give them. -#}
        {%- set field_list = [field_list] + varargs | list -%}
    {%- endif -%}
    {%- for field in field_list -%}
coalesce({{ field }}, 0){{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro safe_subtract(field_list) -%}
    {{ return(adapter.dispatch('safe_subtract', 'handy_utils')(field_list)) }}
{%- endmacro %}

{% macro default__safe_subtract(field_list) -%}
    {%- if field_list is not iterable or field_list is string -%}
        {{ exceptions.raise_compiler_error('safe_subtract takes a list of fields, not ' ~ field_list) }}
    {%- endif -%}
    {%- set terms = [] -%}
    {%- for field in field_list %}{% do terms.append('coalesce(' ~ field ~ ', 0)') %}{% endfor -%}
    {{ terms | join(' - ') }}
{%- endmacro %}

{#- Which of `num_buckets` equal parts of the range a value lies in; 0 below it, one more above. #}
{% macro width_bucket(expr, min_value, max_value, num_buckets) %}
    {{ return(adapter.dispatch('width_bucket', 'handy_utils')(expr, min_value, max_value, num_buckets)) }}
{% endmacro %}

{% macro default__width_bucket(expr, min_value, max_value, num_buckets) -%}
case
    when {{ expr }} < {{ min_value }} then 0
    when {{ expr }} >= {{ max_value }} then {{ num_buckets }} + 1
    else cast(floor(({{ expr }} - {{ min_value }}) * {{ num_buckets }} * 1.0 / ({{ max_value }} - {{ min_value }})) as {{ dbt.type_int() }}) + 1
end
{%- endmacro %}

{% macro postgres__width_bucket(expr, min_value, max_value, num_buckets) -%}
width_bucket({{ expr }}, {{ min_value }}, {{ max_value }}, {{ num_buckets }})
{%- endmacro %}

{% macro nullcheck(cols) %}
    {{ return(adapter.dispatch('nullcheck', 'handy_utils')(cols)) }}
{% endmacro %}

{#- Texts that are empty become null. #}
{% macro default__nullcheck(cols) %}
{%- for col in cols %}
    {%- if col.is_string() %}
    nullif({{ col.name }}, '') as {{ col.name }}
    {%- else %}
    {{ col.name }}
    {%- endif %}
    {{- ',' if not loop.last }}
{%- endfor -%}
{% endmacro %}

{% macro nullcheck_table(relation) %}
    {{ return(adapter.dispatch('nullcheck_table', 'handy_utils')(relation)) }}
{% endmacro %}

{% macro default__nullcheck_table(relation) %}
    {%- do _must_be_relation(relation, 'nullcheck_table') -%}
select {{ nullcheck(adapter.get_columns_in_relation(relation)) if execute else '*' }}
from {{ relation }}
{% endmacro %}

{#- Great circle on a ball with a radius of 3961 miles. #}
{% macro haversine_distance(lat1, lon1, lat2, lon2, unit='mi') -%}
    {{ return(adapter.dispatch('haversine_distance', 'handy_utils')(lat1, lon1, lat2, lon2, unit)) }}
{%- endmacro %}

{% macro default__haversine_distance(lat1, lon1, lat2, lon2, unit='mi') -%}
    {%- set per_mile = {'mi': 1, 'km': 1.60934} -%}
    {%- if unit not in per_mile -%}
        {{ exceptions.raise_compiler_error("haversine_distance knows the units 'mi' and 'km', not '" ~ unit ~ "'") }}
    {%- endif -%}
2 * 3961 * {{ per_mile[unit] }} * asin(sqrt(
    power(sin(radians(({{ lat2 }} - {{ lat1 }}) / 2.0)), 2)
    + cos(radians({{ lat1 }})) * cos(radians({{ lat2 }})) * power(sin(radians(({{ lon2 }} - {{ lon1 }}) / 2.0)), 2)
))
{%- endmacro %}
