{#- Rows of several relations under the columns that any of them has. #}
{%- macro union_relations(relations, column_override=none, include=[], exclude=[], source_column_name='_source_relation', where=none) -%}
    {{ return(adapter.dispatch('union_relations', 'handy_utils')(relations, column_override, include, exclude, source_column_name, where)) }}
{% endmacro %}

{%- macro default__union_relations(relations, column_override, include, exclude, source_column_name, where) -%}
    {%- if include and exclude -%}
        {{ exceptions.raise_compiler_error('union_relations takes `include` or `exclude`, not both') }}
    {%- endif -%}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {%- set override = column_override or {} -%}
    {%- set superset, columns_of = {}, {} -%}
    {%- for relation in relations -%}
        {%- do _must_be_relation(relation, 'union_relations') -%}
        {%- do columns_of.update({relation: []}) -%}
        {%- for col in adapter.get_columns_in_relation(relation) -%}
            {%- set name = col.column | lower -%}
            {%- if (include and name not in _lowered(include)) or name in _lowered(exclude) -%}{%- continue -%}{%- endif -%}
            {%- do columns_of[relation].append(name) -%}
            {%- set known = superset.get(name) -%}
            {#- Of two texts the longer one is taken. -#}
            {%- if known is none or (known.is_string() and col.is_string() and known.can_expand_to(col)) -%}
                {%- do superset.update({name: api.Column(col.column, col.dtype, col.char_size, col.numeric_precision, col.numeric_scale)}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not superset -%}
        {{ exceptions.raise_compiler_error('union_relations finds no common columns in ' ~ relations | join(', ')) }}
    {%- endif -%}
    {%- for relation in relations %}
(
    select
        {%- if source_column_name is not none %}
        cast({{ dbt.string_literal(relation.identifier) }} as {{ dbt.type_string() }}) as {{ source_column_name }},
        {%- endif %}
        {%- for name, col in superset.items() %}
        {%- set type = override.get(col.column, col.dtype) %}
        cast({{ adapter.quote(col.column) if name in columns_of[relation] else 'null' }} as {{ type }}) as {{ adapter.quote(col.column) }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- if where %}
    where {{ where }}
    {%- endif %}
)
{{ 'union all' if not loop.last }}
    {%- endfor -%}
{%- endmacro -%}
