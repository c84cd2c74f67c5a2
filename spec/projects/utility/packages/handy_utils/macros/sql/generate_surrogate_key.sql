{#- md5 of the fields with `-` between; a null becomes the var `surrogate_null`. #}
{% macro generate_surrogate_key(field_list) %}
    {{ return(adapter.dispatch('generate_surrogate_key', 'handy_utils')(field_list)) }}
{% endmacro %}

{% macro default__generate_surrogate_key(field_list) %}
    {%- if field_list is string or field_list is not iterable -%}
        {{ exceptions.raise_compiler_error('generate_surrogate_key takes a list of fields, not ' ~ field_list) }}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for field in field_list -%}
        {%- do parts.append(_key_part(field)) -%}
        {%- if not loop.last -%}{%- do parts.append("'-'") -%}{%- endif -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}

{% macro _key_part(field) -%}
    {{ return("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '" ~ var('surrogate_null', '_handy_null_') ~ "')") }}
{%- endmacro %}
