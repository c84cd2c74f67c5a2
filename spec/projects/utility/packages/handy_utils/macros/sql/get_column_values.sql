{#- The values of a column, the most frequent first; `default` for a table that is not there. #}
{% macro get_column_values(table, column, order_by='count(*) desc', max_records=none, default=none, where=none) -%}
    {{ return(adapter.dispatch('get_column_values', 'handy_utils')(table, column, order_by, max_records, default, where)) }}
{%- endmacro %}

{% macro default__get_column_values(table, column, order_by, max_records, default, where) -%}
    {%- if not execute -%}{{ return(default or []) }}{%- endif -%}
    {%- do _must_be_relation(table, 'get_column_values') -%}
    {%- do _must_be_stored(table, 'get_column_values') -%}
    {%- set standing = load_relation(table) -%}
    {%- if standing is none and default is none -%}
        {{ exceptions.raise_compiler_error('get_column_values finds no table ' ~ table ~ ', and has no default') }}
    {%- elif standing is none -%}
        {{ log('no ' ~ table.identifier ~ ': its default stands in', info=True) }}
        {{ return(default) }}
    {%- endif -%}
    {%- call statement('column_values', fetch_result=true) %}
        select {{ column }} as value
        from {{ table }}
        {%- if where is not none %}
        where {{ where }}
        {%- endif %}
        group by {{ column }}
        order by {{ order_by }}
        {%- if max_records is not none %}
        limit {{ max_records }}
        {%- endif %}
    {%- endcall -%}
    {%- set values = load_result('column_values')['data'] | map(attribute=0) | list -%}
    {{ return(values or default or []) }}
{%- endmacro %}

{#- The columns of a query's answer, by their names in small letters. #}
{% macro get_query_results_as_dict(query) %}
    {{ return(adapter.dispatch('get_query_results_as_dict', 'handy_utils')(query)) }}
{% endmacro %}

{% macro default__get_query_results_as_dict(query) %}
    {%- set answer = {} -%}
    {%- if execute -%}
        {%- set table = run_query(query) -%}
        {%- for column in table.columns -%}
            {%- do answer.update({column.name | lower: column.values()}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(answer) }}
{% endmacro %}

{% macro get_single_value(query, default=none) %}
    {{ return(adapter.dispatch('get_single_value', 'handy_utils')(query, default)) }}
{% endmacro %}

{% macro default__get_single_value(query, default) %}
    {%- if not execute -%}{{ return(default) }}{%- endif -%}
    {%- set table = run_query(query) -%}
    {%- if table | length == 0 or table.rows[0][0] is none -%}{{ return(default) }}{%- endif -%}
    {{ return(table.rows[0][0]) }}
{% endmacro %}
