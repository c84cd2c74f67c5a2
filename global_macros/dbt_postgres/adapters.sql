{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set unlogged = config.get('unlogged', default=false) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {{ sql_header if sql_header is not none }}

  create {% if temporary %}temporary{% elif unlogged %}unlogged{% endif %} table {{ relation }}
  {% set contract = config.get('contract') %}
  {% if contract.enforced %}
    {{ get_assert_columns_equivalent(sql) }}
  {{ get_table_columns_and_constraints() }} ;
    insert into {{ relation }} (
      {{ adapter.dispatch('get_column_names', 'dbt')() }}
    )
    {%- set sql = get_select_subquery(sql) %}
  {% else %}
    as
  {% endif %}
  (
    {{ sql }}
  );
{%- endmacro %}

{#- The name is new in every run: an index of a relation kept as a backup keeps the old one. #}
{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set unique = index_dict.get('unique', false) -%}
  {%- set method = index_dict.get('type', none) -%}
  {%- set columns = index_dict['columns'] | join(', ') -%}
  {%- set name = local_md5(columns ~ '_' ~ relation.render() ~ '_' ~ unique ~ '_' ~ method ~ '_' ~ invocation_id) -%}
  create {% if unique %}unique{% endif %} index if not exists
  "{{ name }}"
  on {{ relation }} {% if method %}using {{ method }}{% endif %}
  ({{ columns }})
{%- endmacro %}

{% macro postgres__get_show_indexes_sql(relation) -%}
    select
        i.relname                                   as name,
        m.amname                                    as method,
        ix.indisunique                              as "unique",
        array_to_string(array_agg(a.attname), ',')  as column_names
    from pg_index ix
    join pg_class i
        on i.oid = ix.indexrelid
    join pg_am m
        on m.oid=i.relam
    join pg_class t
        on t.oid = ix.indrelid
    join pg_namespace n
        on n.oid = t.relnamespace
    join pg_attribute a
        on a.attrelid = t.oid
        and a.attnum = ANY(ix.indkey)
    where t.relname = '{{ relation.identifier }}'
      and n.nspname = '{{ relation.schema }}'
      and t.relkind in ('r', 'm')
    group by 1, 2, 3
    order by 1, 2, 3
{% endmacro %}

{% macro postgres__get_drop_index_sql(relation, index_name) -%}
drop index if exists "{{ relation.schema }}"."{{ index_name }}"
{%- endmacro %}

{% macro postgres__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation.without_identifier().include(database=False) }}
  {%- endcall -%}
{%- endmacro %}

{% macro postgres__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
  {%- endcall -%}
{%- endmacro %}

{% macro postgres__information_schema_name(database) -%}
information_schema
{%- endmacro %}

{% macro postgres__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) -%}
    select
          column_name,
          data_type,
          character_maximum_length,
          numeric_precision,
          numeric_scale

      from INFORMATION_SCHEMA.columns
      where table_name = '{{ relation.identifier }}'
        {% if relation.schema -%}
        and table_schema = '{{ relation.schema }}'
        {%- endif %}
      order by ordinal_position

  {% endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}

{% macro postgres__list_relations_without_caching(schema_relation) -%}
  {%- set database = schema_relation.database -%}
  {%- set schema = schema_relation.schema -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) -%}
    select
      '{{ database }}' as database,
      tablename as name,
      schemaname as schema,
      'table' as type
    from pg_tables
    where schemaname ilike '{{ schema }}'
    union all
    select
      '{{ database }}' as database,
      viewname as name,
      schemaname as schema,
      'view' as type
    from pg_views
    where schemaname ilike '{{ schema }}'
    union all
    select
      '{{ database }}' as database,
      matviewname as name,
      schemaname as schema,
      'materialized_view' as type
    from pg_matviews
    where schemaname ilike '{{ schema }}'
    union all
    select distinct
     '{{ database }}' as database,
     proname as name,
     ns.nspname as schema,
     'function' as type
    from pg_proc
     join pg_namespace as ns on pronamespace = ns.oid
    where ns.nspname ilike '{{ schema }}'
  {% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}

{#- A session sees one database: every schema is of the one it is asked about. #}
{% macro postgres__list_schemas(database) -%}
  {%- call statement('list_schemas', fetch_result=True, auto_begin=False) -%}
    select distinct nspname from pg_namespace
  {% endcall -%}
  {{ return(load_result('list_schemas').table) }}
{%- endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {%- call statement('check_schema_exists', fetch_result=True, auto_begin=False) -%}
    select count(*) from pg_namespace where nspname = '{{ schema }}'
  {%- endcall -%}
  {{ return(load_result('check_schema_exists').table) }}
{%- endmacro %}

{#- PostgreSQL cuts names after 63 bytes: the name gives way so that the suffix stays. #}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) -%}
  {%- set stamp = run_started_at.strftime('%H%M%S%f') if dstring else '' -%}
  {%- set ending = suffix ~ stamp -%}
  {%- set room = 63 - ending | length -%}
  {%- if room < 1 -%}
    {{ exceptions.raise_compiler_error("the suffix '" ~ ending ~ "' leaves no room for a name") }}
  {%- endif -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier[:room] ~ ending})) }}
{%- endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) -%}
{{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}
{%- endmacro %}

{#- Temporary tables belong to no schema that could be named. #}
{% macro postgres__make_temp_relation(base_relation, suffix) -%}
  {%- set relation = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) -%}
  {{ return(relation.incorporate(path={'schema': none, 'database': none})) }}
{%- endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) -%}
  {%- set relation = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) -%}
  {{ return(relation.incorporate(type=backup_relation_type)) }}
{%- endmacro %}

{#- Text between marks that no description holds, so that nothing in it needs escaping. #}
{% macro postgres_escape_comment(comment) -%}
  {%- if comment is not string -%}
    {{ exceptions.raise_compiler_error('a description must be text, not ' ~ comment) }}
  {%- endif -%}
  {%- set mark = '$dbt_comment_literal_block$' -%}
  {%- if mark in comment -%}
    {{ exceptions.raise_compiler_error('a description must not hold ' ~ mark) }}
  {%- endif -%}
  {{ mark }}{{ comment }}{{ mark }}
{%- endmacro %}

{% macro postgres__alter_relation_comment(relation, comment) -%}
  comment on {{ relation.type | replace('_', ' ') }} {{ relation }} is {{ postgres_escape_comment(comment) }};
{% endmacro %}

{% macro postgres__alter_column_comment(relation, column_dict) %}
  {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- for name, column in validate_doc_columns(relation, column_dict, existing).items() %}
    {% set comment = column['description'] or '' %}
    {% set quoted = adapter.quote(name) if column['quote'] else name %}
    comment on column {{ relation }}.{{ quoted }} is {{ postgres_escape_comment(comment) }};
  {% endfor %}
{% endmacro %}

{% macro postgres__get_show_grant_sql(relation) -%}
  select grantee, privilege_type
  from information_schema.role_table_grants
  where grantor = current_role
    and grantee != current_role
    and table_schema = '{{ relation.schema }}'
    and table_name = '{{ relation.identifier }}'
{%- endmacro %}

{#- A relation that replaces another starts with no grants. #}
{% macro postgres__copy_grants() -%}
{{ return(False) }}
{%- endmacro %}
