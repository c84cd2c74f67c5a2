{# Arrays, oldest to newest. Their functions add in the array's order, so a result is the same
   bits wherever a scan started. #}

{% macro item(values, i) %}{{ values }}[{{ i }}]{% endmacro %}

{# Number of elements; NULL of no array. #}
{% macro size(values) %}{{ return(adapter.dispatch('size')(values)) }}{% endmacro %}
{% macro default__size(values) %}cardinality({{ values }}){% endmacro %}
{% macro duckdb__size(values) %}len({{ values }}){% endmacro %}

{% macro newest(values, n) %}{{ return(adapter.dispatch('newest')(values, n)) }}{% endmacro %}
{% macro default__newest(values, n) %}{{ values }}[greatest(cardinality({{ values }}) - {{ n - 1 }}, 1):]{% endmacro %}
{% macro duckdb__newest(values, n) %}{{ values }}[-{{ n }}:]{% endmacro %}

{# NULLs in the array are skipped; without other elements, NULL. #}
{% macro mean(values) %}{{ return(adapter.dispatch('of_elements')('avg', values)) }}{% endmacro %}
{% macro highest(values) %}{{ return(adapter.dispatch('of_elements')('max', values)) }}{% endmacro %}
{% macro sum_of(values) %}{{ return(adapter.dispatch('of_elements')('sum', values)) }}{% endmacro %}
{% macro default__of_elements(aggregate, values) %}(select {{ aggregate }}(element) from unnest({{ values }}) as elements(element)){% endmacro %}
{% macro duckdb__of_elements(aggregate, values) %}list_{{ aggregate }}({{ values }}){% endmacro %}

{# Population variance of an array without NULLs. #}
{% macro population_variance(values) %}{{ return(adapter.dispatch('population_variance')(values)) }}{% endmacro %}
{% macro duckdb__population_variance(values) %}list_var_pop({{ values }}){% endmacro %}

{# Welford's steps, as DuckDB takes them: var_pop of Postgres differs in the last digits. #}
{% macro default__population_variance(values) -%}
{%- set change = '(' ~ values ~ '[n + 1] - mean)' -%}
(
        with recursive steps(n, mean, squares) as (
            select 0, cast(0 as double precision), cast(0 as double precision)
            union all
            select n + 1, mean + {{ change }} / (n + 1), squares + ({{ values }}[n + 1] - (mean + {{ change }} / (n + 1))) * {{ change }}
            from steps where n < cardinality({{ values }})
        )
        select squares / n from steps where n = cardinality({{ values }})
    )
{%- endmacro %}

{# Σ decay^age·value of an array of at most `longest` values, the newest of age 0. #}
{% macro decayed_sum(values, decay, longest) %}{{ return(adapter.dispatch('decayed_sum')(values, decay, longest)) }}{% endmacro %}

{% macro default__decayed_sum(values, decay, longest) -%}
(select sum(element * pow(cast({{ decay }} as double precision), cardinality({{ values }}) - place))
        from unnest({{ values }}) with ordinality as elements(element, place))
{%- endmacro %}

{% macro duckdb__decayed_sum(values, decay, longest) -%}
list_inner_product({{ values }}, ([pow({{ decay }}, {{ longest - 1 }} - i) for i in range({{ longest }})])[{{ longest + 1 }} - len({{ values }}):{{ longest }}])
{%- endmacro %}
