{% macro duckdb__get_catalog(information_schema, schemas) -%}
  {%- set sql -%}
    with tables as ({{ duckdb__get_catalog_tables_sql(information_schema) }} {{ duckdb__get_catalog_schemas_where_clause_sql(schemas) }}),
    columns as ({{ duckdb__get_catalog_columns_sql(information_schema) }} {{ duckdb__get_catalog_schemas_where_clause_sql(schemas) }})
    {{ duckdb__get_catalog_results_sql() }}
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__get_catalog_relations(information_schema, relations) -%}
  {%- set sql -%}
    with tables as ({{ duckdb__get_catalog_tables_sql(information_schema) }} {{ duckdb__get_catalog_relations_where_clause_sql(relations) }}),
    columns as ({{ duckdb__get_catalog_columns_sql(information_schema) }} {{ duckdb__get_catalog_relations_where_clause_sql(relations) }})
    {{ duckdb__get_catalog_results_sql() }}
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{#- Tables and views of the database; DuckDB knows no owners. #}
{% macro duckdb__get_catalog_tables_sql(information_schema) -%}
select *
    from (
      select database_name as table_database, schema_name as table_schema, table_name,
        'BASE TABLE' as table_type, comment as table_comment, null as table_owner
      from duckdb_tables()
      union all
      select database_name, schema_name, view_name, 'VIEW', comment, null
      from duckdb_views()
      where not internal
    ) as every_table
    where lower(table_database) = '{{ information_schema.database | lower }}'
{%- endmacro %}

{% macro duckdb__get_catalog_columns_sql(information_schema) -%}
select *
    from (
      select database_name as table_database, schema_name as table_schema, table_name,
        column_name, column_index, data_type as column_type, comment as column_comment
      from duckdb_columns()
      where not internal
    ) as every_column
    where lower(table_database) = '{{ information_schema.database | lower }}'
{%- endmacro %}

{% macro duckdb__get_catalog_results_sql() -%}
select table_database, table_schema, table_name, table_type, table_comment, table_owner,
      column_name, column_index, column_type, column_comment
    from tables
    join columns using (table_database, table_schema, table_name)
    order by table_schema, table_name, column_index
{%- endmacro %}

{% macro duckdb__get_catalog_schemas_where_clause_sql(schemas) -%}
and (false{% for schema in schemas %} or lower(table_schema) = '{{ schema | lower }}'{% endfor %})
{%- endmacro %}

{#- A relation without an identifier stands for all of its schema. #}
{% macro duckdb__get_catalog_relations_where_clause_sql(relations) -%}
and (false
    {%- for relation in relations %}
      or (lower(table_schema) = '{{ relation.schema | lower }}'
        {%- if relation.identifier %} and lower(table_name) = '{{ relation.identifier | lower }}'{% endif %})
    {%- endfor -%}
    )
{%- endmacro %}
