{#- Columns by the alphabet, in capitals, and with a relation's alias or not. #}
{% macro default__star(from, relation_alias, except, prefix, suffix, quote_identifiers) -%}
    {%- for name in handy_utils.get_filtered_columns_in_relation(from, except) | sort -%}
        {{- relation_alias ~ '.' if relation_alias -}}
        {{ name }} as {{ (prefix ~ name ~ suffix) | upper }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Weeks begin on Sunday. Comes before what velo has for any engine. #}
{% macro default__date_trunc(datepart, date) -%}
    {%- if datepart | lower == 'week' -%}
        date_trunc('week', {{ date }} + interval 1 day) - interval 1 day
    {%- else -%}
        {{ dbt.default__date_trunc(datepart, date) }}
    {%- endif -%}
{%- endmacro %}

{#- An empty text is as good as none. #}
{% test not_null(model, column_name) %}
select {{ column_name }} from {{ model }} where nullif(trim(cast({{ column_name }} as varchar)), '') is null
{% endtest %}
