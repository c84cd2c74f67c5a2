{#- Relations without an identifier stand for all of their schema. #}
{% macro postgres__get_catalog_relations(information_schema, relations) -%}
  {%- set sql -%}
    select
      '{{ information_schema.database }}' as table_database,
      namespace.nspname as table_schema,
      relation.relname as table_name,
      case
        when relation.relpersistence = 't' then 'LOCAL TEMPORARY'
        when relation.relkind in ('r', 'f', 'p') then 'BASE TABLE'
        when relation.relkind = 'v' then 'VIEW'
        when relation.relkind = 'm' then 'MATERIALIZED VIEW'
      end as table_type,
      obj_description(relation.oid, 'pg_class') as table_comment,
      attribute.attname as column_name,
      attribute.attnum as column_index,
      format_type(attribute.atttypid, attribute.atttypmod) as column_type,
      col_description(relation.oid, attribute.attnum) as column_comment,
      pg_get_userbyid(relation.relowner) as table_owner
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation.oid
    where relation.relkind in ('r', 'v', 'f', 'p', 'm')
      and attribute.attnum > 0
      and not attribute.attisdropped
      and (false
      {%- for relation in relations %}
        or (lower(namespace.nspname) = '{{ relation.schema | lower }}'
          {%- if relation.identifier %} and lower(relation.relname) = '{{ relation.identifier | lower }}'{% endif %})
      {%- endfor -%}
      )
    order by table_schema, table_name, column_index
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro postgres__get_catalog(information_schema, schemas) -%}
  {%- set relations = [] -%}
  {%- for schema in schemas -%}
    {%- do relations.append({'schema': schema}) -%}
  {%- endfor -%}
  {{ return(postgres__get_catalog_relations(information_schema, relations)) }}
{%- endmacro %}
