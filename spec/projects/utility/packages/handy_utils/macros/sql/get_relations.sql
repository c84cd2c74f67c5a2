{#- Relations whose schema and name are LIKE the patterns. #}
{% macro get_relations_by_pattern(schema_pattern, table_pattern, exclude='', database=target.database) %}
    {{ return(adapter.dispatch('get_relations_by_pattern', 'handy_utils')(schema_pattern, table_pattern, exclude, database)) }}
{% endmacro %}

{% macro default__get_relations_by_pattern(schema_pattern, table_pattern, exclude='', database=target.database) %}
    {%- set relations = [] -%}
    {%- if execute -%}
        {%- set found = run_query(handy_utils.get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude, database)) -%}
        {%- for row in found.rows -%}
            {%- do relations.append(api.Relation.create(database=database, schema=row.table_schema, identifier=row['table_name'], type=row[2])) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(relations) }}
{% endmacro %}

{% macro get_relations_by_prefix(schema, prefix, exclude='', database=target.database) %}
    {{ return(adapter.dispatch('get_relations_by_prefix', 'handy_utils')(schema, prefix, exclude, database)) }}
{% endmacro %}

{% macro default__get_relations_by_prefix(schema, prefix, exclude='', database=target.database) %}
    {{ return(handy_utils.get_relations_by_pattern(schema_pattern=schema, table_pattern=prefix ~ '%', exclude=exclude, database=database)) }}
{% endmacro %}

{% macro get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude='', database=target.database) %}
    {{ return(adapter.dispatch('get_tables_by_pattern_sql', 'handy_utils')(schema_pattern, table_pattern, exclude, database)) }}
{% endmacro %}

{% macro default__get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude, database) %}
select
    table_schema as "table_schema",
    table_name as "table_name",
    case table_type when 'BASE TABLE' then 'table' else lower(table_type) end as "table_type"
from information_schema.tables
where table_catalog = '{{ database }}'
    and lower(table_schema) like lower('{{ schema_pattern }}')
    and lower(table_name) like lower('{{ table_pattern }}')
    {%- if exclude %}
    and lower(table_name) not like lower('{{ exclude }}')
    {%- endif %}
order by table_schema, table_name
{% endmacro %}
