{% macro duckdb__create_schema(relation) -%}
  {%- set sql %}
        select type from duckdb_databases()
        where lower(database_name)='{{ relation.database | lower }}'
        and type != 'duckdb'
    {% endset -%}
  {%- call statement('create_schema') %}
    {% set foreign_types = run_query(sql).columns[0].values() %}
    {% if 'sqlite' in foreign_types | map('lower') %}
        select 1 -- SQLite has one schema, main
    {% else %}
        create schema if not exists {{ relation.without_identifier() }}
    {% endif -%}
  {%- endcall -%}
{%- endmacro %}

{% macro duckdb__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier() }} cascade
  {%- endcall -%}
{%- endmacro %}

{% macro duckdb__list_schemas(database) -%}
  {%- set sql %}
    select schema_name
    from system.information_schema.schemata
    {% if database is not none %}
    where lower(catalog_name) = '{{ database | lower }}'
    {% endif %}
  {% endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
  {%- set sql -%}
    select count(*)
    from system.information_schema.schemata
    where lower(schema_name) = '{{ schema | lower }}'
      and lower(catalog_name) = '{{ information_schema.database | lower }}'
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) -%}
    select
      '{{ schema_relation.database }}' as database,
      table_name as name,
      table_schema as schema,
      CASE table_type
        WHEN 'BASE TABLE' THEN 'table'
        WHEN 'VIEW' THEN 'view'
        WHEN 'LOCAL TEMPORARY' THEN 'table'
        END as type
    from system.information_schema.tables
    where lower(table_schema) = '{{ schema_relation.schema | lower }}'
    and lower(table_catalog) = '{{ schema_relation.database | lower }}'
  {% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}

{% macro duckdb__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) -%}
    select
          column_name,
          column_type as data_type,
          cast(null as bigint) as character_maximum_length,
          cast(null as bigint) as numeric_precision,
          cast(null as bigint) as numeric_scale
      from (describe {{ relation }})
  {% endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}

{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {{ return(default__get_empty_subquery_sql(select_sql, select_sql_header)) }}
{% endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {{ sql_header if sql_header is not none }}
  {% set contract = config.get('contract') %}
  {%- if contract.enforced %}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  create view {{ relation }} as (
    {{ sql }}
  );
{% endmacro %}

{% macro create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- if language == 'sql' -%}
    {{ adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code, language, partitioned_by, sorted_by) }}
  {%- else -%}
    {{ exceptions.raise_compiler_error("create_table_as cannot make a table from the language '" ~ language ~ "'") }}
  {%- endif -%}
{%- endmacro %}

{#-
  A contract's table is created empty and then filled, as its constraints need a column list. So is
  one with a layout of its files, which holds only for rows written after it is set.
#}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set layout = partitioned_by or sorted_by -%}
  {{ header if header is not none }}
    {% set contract = config.get('contract') %}
    {%- if contract.enforced %}
      {{ get_assert_columns_equivalent(compiled_code) }}
    {% endif %}

    create {% if temporary %}temporary{% endif %} table
      {{ relation.include(database=(not temporary), schema=(not temporary)) }}
  {% if contract.enforced and not temporary -%}
    {{ get_table_columns_and_constraints() }} ;
    {% if partitioned_by %}{{ duckdb__alter_table_set_partitioned_by(relation, partitioned_by) }};{% endif %}
    {% if sorted_by %}{{ duckdb__alter_table_set_sorted_by(relation, sorted_by) }};{% endif %}
    insert into {{ relation }} {{ get_column_names() }} (
      {{ get_select_subquery(compiled_code) }}
    );
  {% elif layout and not temporary %}
    as (select * from (
      {{ compiled_code }}
    ) as model_subq limit 0);
    {% if partitioned_by %}{{ duckdb__alter_table_set_partitioned_by(relation, partitioned_by) }};{% endif %}
    {% if sorted_by %}{{ duckdb__alter_table_set_sorted_by(relation, sorted_by) }};{% endif %}
    insert into {{ relation }} (
      {{ compiled_code }}
    );
  {% else %}
    {# the rows come with the table #}
    as (
      {{ compiled_code }}
    );
    {# nothing is left to set #}
  {% endif -%}
{%- endmacro %}

{#- The contract's columns as the column list of an insert. #}
{% macro get_column_names() %}
  (
    {% for column in model['columns'].values() %}
      {% set name = column['name'] %}
      {% set quoted = column['quote'] %}
      {{ adapter.quote(name) if quoted else name }} {{ ',' if not loop.last }}
    {% endfor %}
  )
{% endmacro %}

{% macro duckdb__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) %}
      drop {{ relation.type | replace('_', ' ') }} if exists {{ relation }} cascade
    {% endcall -%}
{%- endmacro %}

{% macro duckdb__rename_relation(from_relation, to_relation) -%}
  {%- call statement('rename_relation') -%}
    alter {{ to_relation.type or from_relation.type }} {{ from_relation }} rename to {{ adapter.quote_as_configured(to_relation.identifier, 'identifier') }}
  {%- endcall -%}
{%- endmacro %}

{#- Temporary tables belong to no schema that could be named. #}
{% macro duckdb__make_temp_relation(base_relation, suffix) -%}
  {%- set identifier = base_relation.identifier ~ suffix ~ _velo_temporary_stamp() -%}
  {{ return(base_relation.incorporate(path={'identifier': identifier, 'schema': none, 'database': none})) }}
{%- endmacro %}

{#- Digits that differ from run to run but not within one: a template may be rendered twice. #}
{% macro _velo_temporary_stamp() -%}
{{ run_started_at.strftime('%Y%m%d%H%M%S%f') }}
{%- endmacro %}

{#- The temporary relation an incremental model stages its rows in, or one of its batches. #}
{% macro duckdb__dispatch_temporary_relation(target_relation, batch_id='') -%}
{{ return(make_temp_relation(target_relation, '__dbt_tmp' ~ ('_' ~ batch_id if batch_id else ''))) }}
{%- endmacro %}

{% macro duckdb__current_timestamp() -%}
now()
{%- endmacro %}

{% macro duckdb__snapshot_string_as_time(timestamp) -%}
{{ return("'" ~ timestamp ~ "'::timestamp") }}
{%- endmacro %}

{% macro duckdb__snapshot_get_time() -%}
{{ current_timestamp() }}::timestamp
{%- endmacro %}

{#- DuckDB has one user and no grants. #}
{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}
    {%- do exceptions.warn('DuckDB has no grants: the grants of ' ~ relation.render() ~ ' are ignored') -%}
  {%- endif -%}
{%- endmacro %}

{#- The name is new in every run: an index of a relation kept as a backup keeps the old one. #}
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set unique = index_dict.get('unique', false) -%}
  {%- set name = local_md5((index_dict['columns'] | join('_')) ~ '_' ~ relation.render() ~ '_' ~ unique ~ '_' ~ invocation_id) -%}
  create {% if unique %}unique {% endif %}index "{{ name }}"
  on {{ relation }} ({{ index_dict['columns'] | join(', ') }})
{%- endmacro %}

{#- A table with an index cannot be renamed. #}
{% macro drop_indexes_on_relation(relation) -%}
  {%- call statement('get_indexes_on_relation', fetch_result=True) -%}
    SELECT index_name
    FROM duckdb_indexes()
    WHERE database_name = '{{ relation.database }}'
      AND schema_name = '{{ relation.schema }}'
      AND table_name = '{{ relation.identifier }}'
  {% endcall -%}
  {%- for name in load_result('get_indexes_on_relation').table.columns[0].values() -%}
    {%- call statement('drop_index') -%}
      drop index {{ adapter.quote(relation.database) }}.{{ adapter.quote(relation.schema) }}.{{ adapter.quote(name) }}
    {%- endcall -%}
  {%- endfor -%}
{%- endmacro %}

{#- The kinds of constraint that the model's contract makes the table keep. #}
{% macro enforced_constraint_types() -%}
  {%- set types = [] -%}
  {%- if config.get('contract').enforced -%}
    {%- for constraint in model['constraints'] or [] -%}
      {%- do types.append(constraint['type'] | string) -%}
    {%- endfor -%}
    {%- for column in model['columns'].values() -%}
      {%- for constraint in column['constraints'] or [] -%}
        {%- do types.append(constraint['type'] | string) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(types | unique | list) }}
{%- endmacro %}

{#- The kinds of constraint that a table has in the database, spelled as in contracts. #}
{% macro existing_constraint_types(relation) -%}
  {%- set sql -%}
    select distinct lower(replace(constraint_type, ' ', '_')) as constraint_type
    from duckdb_constraints()
    where lower(database_name) = lower('{{ relation.database }}')
      and lower(schema_name) = lower('{{ relation.schema }}')
      and lower(table_name) = lower('{{ relation.identifier }}')
    order by 1
  {%- endset -%}
  {{ return(run_query(sql).columns[0].values() | list) }}
{%- endmacro %}

{#- Whether the model, or the table when one is given, points at other tables. #}
{% macro has_foreign_key_constraints(relation=none) -%}
  {%- if 'foreign_key' in enforced_constraint_types() -%}{{ return(true) }}{%- endif -%}
  {{ return(relation is not none and 'foreign_key' in existing_constraint_types(relation)) }}
{%- endmacro %}

{#- Whether other tables may point at the model's table: one must, when the relation is given. #}
{% macro may_be_foreign_key_target(relation=none) -%}
  {%- if relation is none -%}
    {%- set types = enforced_constraint_types() -%}
    {{ return('primary_key' in types or 'unique' in types) }}
  {%- endif -%}
  {%- set sql -%}
    select 1
    from duckdb_constraints()
    where constraint_type = 'FOREIGN KEY'
      and lower(database_name) = lower('{{ relation.database }}')
      and lower(schema_name) = lower('{{ relation.schema }}')
      and lower(referenced_table) = lower('{{ relation.identifier }}')
      and lower(table_name) <> lower(referenced_table)
    limit 1
  {%- endset -%}
  {{ return(run_query(sql).rows | length > 0) }}
{%- endmacro %}

{#-
  Takes away the tables that point at a relation, which could not be replaced otherwise, and returns
  how to bring them back. Their rows wait in temporary tables.
#}
{% macro drop_foreign_key_dependents(relation) -%}
  {%- set sql -%}
    with recursive fks as (
      select table_name, referenced_table
      from duckdb_constraints()
      where constraint_type = 'FOREIGN KEY'
        and lower(database_name) = lower('{{ relation.database }}')
        and lower(schema_name) = lower('{{ relation.schema }}')
        and lower(table_name) <> lower(referenced_table)
    ),
    dependents(table_name, depth) as (
      select table_name, 1
      from fks
      where lower(referenced_table) = lower('{{ relation.identifier }}')
      union
      select fks.table_name, dependents.depth + 1
      from fks
      join dependents on lower(fks.referenced_table) = lower(dependents.table_name)
    )
    select d.table_name, d.depth, t.sql
    from (select table_name, max(depth) as depth from dependents group by table_name) d
    join duckdb_tables() t on t.table_name = d.table_name
      and lower(t.database_name) = lower('{{ relation.database }}')
      and lower(t.schema_name) = lower('{{ relation.schema }}')
    order by d.depth desc, d.table_name
  {%- endset -%}
  {%- set dropped = [] -%}
  {%- for row in run_query(sql).rows -%}
    {%- set dependent = relation.incorporate(path={'identifier': row[0]}, type='table') -%}
    {%- set kept = adapter.quote(row[0] ~ '__dbt_kept') -%}
    {%- call statement('keep_foreign_key_dependent') -%}
      create or replace temporary table {{ kept }} as (select * from {{ dependent }});
      drop table {{ dependent }}
    {%- endcall -%}
    {%- do dropped.append({'relation': dependent, 'kept': kept, 'sql': row[2]}) -%}
  {%- endfor -%}
  {{ return(dropped) }}
{%- endmacro %}

{#- Brings the tables back that drop_foreign_key_dependents took away, the nearest first. #}
{% macro restore_foreign_key_dependents(dropped) -%}
  {%- for dependent in dropped | reverse -%}
    {%- call statement('restore_foreign_key_dependent') -%}
      {{ dependent.sql | trim | trim(';') }};
      insert into {{ dependent.relation }} select * from {{ dependent.kept }};
      drop table {{ dependent.kept }}
    {%- endcall -%}
  {%- endfor -%}
{%- endmacro %}

{#- Drops a table that others may point at; returns what restore_foreign_key_dependents takes. #}
{% macro drop_relation_for_rebuild(relation) -%}
  {%- set dropped = drop_foreign_key_dependents(relation) -%}
  {%- do adapter.drop_relation(relation) -%}
  {{ return(dropped) }}
{%- endmacro %}

{#- How a table's files are laid out; temporary tables have none. #}
{% macro duckdb__get_partitioned_by(relation, temporary) -%}
  {%- if temporary -%}{{ return(none) }}{%- endif -%}
  {{ return(normalize_string_or_list(config.get('partitioned_by', none), 'partitioned_by')) }}
{%- endmacro %}

{% macro duckdb__get_sorted_by(relation, temporary) -%}
  {%- if temporary -%}{{ return(none) }}{%- endif -%}
  {{ return(normalize_string_or_list(config.get('sorted_by', none), 'sorted_by')) }}
{%- endmacro %}

{% macro duckdb__alter_table_set_partitioned_by(relation, partitioned_by) -%}
alter table {{ relation }} set partitioned by ({{ partitioned_by | join(', ') }})
{%- endmacro %}

{% macro duckdb__alter_table_set_sorted_by(relation, sorted_by) -%}
alter table {{ relation }} set sorted by ({{ sorted_by | join(', ') }})
{%- endmacro %}

{#- Whether a file, or one that a pattern matches, is there. #}
{% macro location_exists(location) -%}
  {%- if not execute -%}{{ return(false) }}{%- endif -%}
  {%- set found = run_query("select count(*) from glob('" ~ location | replace("'", "''") ~ "')") -%}
  {{ return(found.columns[0].values()[0] | int > 0) }}
{%- endmacro %}

{#- The options of a copy to a file: format and delimiter of their own, the rest as they are. #}
{% macro render_write_options(config) -%}
  {%- set given = config.get('options', {}) or {} -%}
  {%- set options = {} -%}
  {%- for key, value in given.items() -%}
    {%- do options.update({key | lower: value}) -%}
  {%- endfor -%}
  {%- set format = config.get('format', none) or options.get('format') or 'parquet' -%}
  {%- do options.update({'format': format}) -%}
  {%- if format == 'csv' -%}
    {%- do options.setdefault('header', 1) -%}
    {%- if config.get('delimiter', none) is not none -%}
      {%- do options.update({'delimiter': "'" ~ config.get('delimiter') ~ "'"}) -%}
    {%- endif -%}
  {%- endif -%}
  {%- set written = ['format ' ~ options.pop('format')] -%}
  {%- for key, value in options.items() -%}
    {%- do written.append(key ~ ' ' ~ value) -%}
  {%- endfor -%}
  {{ return(written | join(', ')) }}
{%- endmacro %}

{% macro write_to_file(relation, location, options) -%}
  {%- call statement('write_to_file') -%}
    copy {{ relation }} to '{{ location }}' ({{ options }})
  {%- endcall -%}
{%- endmacro %}

{#- The strategy of an incremental model that names none. #}
{% macro duckdb__get_incremental_default_sql(arg_dict) -%}
  {%- if arg_dict['unique_key'] -%}{{ return(get_incremental_delete_insert_sql(arg_dict)) }}{%- endif -%}
  {{ return(get_incremental_append_sql(arg_dict)) }}
{%- endmacro %}
