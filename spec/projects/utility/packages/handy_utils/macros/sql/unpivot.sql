{#- A row for each column that is neither kept (`exclude`) nor left out (`remove`). #}
{% macro unpivot(relation=none, cast_to='varchar', exclude=none, remove=none, field_name='field_name', value_name='value', quote_identifiers=False) %}
    {{ return(adapter.dispatch('unpivot', 'handy_utils')(relation, cast_to, exclude, remove, field_name, value_name, quote_identifiers)) }}
{% endmacro %}

{% macro default__unpivot(relation, cast_to, exclude, remove, field_name, value_name, quote_identifiers) %}
    {%- if not relation -%}
        {{ exceptions.raise_compiler_error('unpivot needs the argument `relation`') }}
    {%- endif -%}
    {%- do _must_be_relation(relation, 'unpivot') -%}
    {%- do _must_be_stored(relation, 'unpivot') -%}
    {%- set kept = exclude or [] -%}
    {%- set left_out = _lowered(_chain(kept, remove or [])) -%}
    {%- set turned = [] -%}
    {%- for col in adapter.get_columns_in_relation(relation) if col.column | lower not in left_out -%}
        {%- do turned.append(col) -%}
    {%- endfor -%}
    {%- for col in turned %}
select
    {%- for name in kept %}
    {{ adapter.quote(name) if quote_identifiers else name }},
    {%- endfor %}
    '{{ col.column }}' as {{ field_name }},
    cast({{ adapter.quote(col.column) if quote_identifiers else col.column }} as {{ cast_to }}) as {{ value_name }}
from {{ relation }}
{{ 'union all' if not loop.last }}
    {%- endfor -%}
{% endmacro %}
