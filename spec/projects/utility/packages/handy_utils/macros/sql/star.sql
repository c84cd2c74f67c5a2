{% macro get_filtered_columns_in_relation(from, except=[]) -%}
    {{ return(adapter.dispatch('get_filtered_columns_in_relation', 'handy_utils')(from, except)) }}
{%- endmacro %}

{% macro default__get_filtered_columns_in_relation(from, except) -%}
    {%- do _must_be_relation(from, 'get_filtered_columns_in_relation') -%}
    {%- do _must_be_stored(from, 'get_filtered_columns_in_relation') -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set left_out = _lowered(except) -%}
    {%- set names = [] -%}
    {%- for col in adapter.get_columns_in_relation(from) -%}
        {%- if col.column | lower in left_out -%}{%- continue -%}{%- endif -%}
        {%- do names.append(col.column) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- All columns but some, written out. #}
{% macro star(from, relation_alias=False, except=[], prefix='', suffix='', quote_identifiers=True) -%}
    {{ return(adapter.dispatch('star', 'handy_utils')(from, relation_alias, except, prefix, suffix, quote_identifiers)) }}
{%- endmacro %}

{% macro default__star(from, relation_alias, except, prefix, suffix, quote_identifiers) -%}
    {%- set names = handy_utils.get_filtered_columns_in_relation(from, except) -%}
    {%- if names | length == 0 -%}
        {{- '*' if not execute else '/* no columns are left of ' ~ from ~ ' */' -}}
    {%- endif -%}
    {%- for name in names %}
        {{- relation_alias ~ '.' if relation_alias -}}
        {{- adapter.quote(name) if quote_identifiers else name -}}
        {%- if prefix or suffix %} as {{ adapter.quote(prefix ~ name ~ suffix) if quote_identifiers else prefix ~ name ~ suffix }}{% endif -%}
        {%- if not loop.last %},{{ '\n    ' }}{% endif -%}
    {%- endfor -%}
{%- endmacro %}
