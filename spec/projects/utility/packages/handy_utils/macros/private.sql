{#- Helpers of the package itself. They carry no namespace where they are called. #}

{% macro _must_be_relation(obj, macro) %}
    {%- if not (obj is mapping and obj.get('metadata', {}).get('type', '').endswith('Relation')) and obj.identifier is not defined -%}
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
