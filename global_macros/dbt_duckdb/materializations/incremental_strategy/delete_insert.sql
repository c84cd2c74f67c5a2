{# One key column: by value. Several: DuckDB joins, which is faster than tuples in a list. #}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- set predicates = normalize_incremental_predicates(incremental_predicates) -%}
    {%- if unique_key and unique_key is not string -%}
        delete from {{ target }} as DBT_INCREMENTAL_TARGET
        using {{ source }}
        where (
            {% for key in unique_key %}
                {{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}
                {{ 'and ' if not loop.last }}
            {% endfor %}
            {% for predicate in predicates %}
                and {{ predicate }}
            {% endfor %}
        );

    {% elif unique_key -%}
        delete from {{ target }}
        where (
            {{ unique_key }}) in (
            select ({{ unique_key }})
            from {{ source }}
        )
        {%- for predicate in predicates %}
            and {{ predicate }}
        {%- endfor %};

    {% endif -%}
    {{ get_insert_into_sql(target, source, dest_columns) }}
{%- endmacro %}
