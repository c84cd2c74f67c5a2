{#- Helpers of the package itself. They carry no namespace where they are called. #}

{#- Relations are mappings, and say by `get` what kind of mapping. #}
{% macro _must_be_relation(obj, macro) %}
    {%- set kind = obj.get('metadata', {}) if obj is mapping else {} -%}
    {%- if kind.get('type', '')[-8:] != 'Relation' -%}
        {%- do exceptions.raise_compiler_error(macro ~ ' takes a relation, such as ref() gives, not ' ~ obj) -%}
    {%- endif -%}
{% endmacro %}

{% macro _must_be_stored(obj, macro) %}
    {%- if obj.is_cte -%}
        {%- do exceptions.raise_compiler_error(macro ~ ' reads the catalog, where the ephemeral ' ~ obj.name ~ ' is not') -%}
    {%- endif -%}
{% endmacro %}

{% macro _lowered(names) %}
    {%- set lowered = [] -%}
    {%- for name in names or [] -%}
        {%- do lowered.append(name | lower) -%}
    {%- endfor -%}
    {{ return(lowered) }}
{% endmacro %}

{#- Any number of lists one after the other. #}
{% macro _chain() %}
    {%- set chained = namespace(items=[]) -%}
    {%- for list in varargs -%}
        {%- set chained.items = chained.items + list -%}
    {%- endfor -%}
    {{ return(chained.items) }}
{% endmacro %}
