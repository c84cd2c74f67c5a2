{#- Which views and materialized views read which relations: dropping one drops those that read it. #}
{% macro postgres__get_relations() -%}
  {%- call statement('relations', fetch_result=True) -%}
    select distinct
      reader_schema.nspname as dependent_schema,
      reader.relname as dependent_name,
      read_schema.nspname as referenced_schema,
      read.relname as referenced_name
    from pg_rewrite as rule
    join pg_depend as depends on depends.objid = rule.oid
      and depends.classid = 'pg_rewrite'::regclass
      and depends.refclassid = 'pg_class'::regclass
    join pg_class as reader on reader.oid = rule.ev_class
    join pg_namespace as reader_schema on reader_schema.oid = reader.relnamespace
    join pg_class as read on read.oid = depends.refobjid
    join pg_namespace as read_schema on read_schema.oid = read.relnamespace
    where reader.oid <> read.oid
      and read_schema.nspname <> 'information_schema'
      and read_schema.nspname not like 'pg\_%'
    order by 1, 2, 3, 4
  {%- endcall -%}
  {{ return(load_result('relations').table) }}
{%- endmacro %}

{% macro postgres_get_relations() -%}
{{ return(postgres__get_relations()) }}
{%- endmacro %}
