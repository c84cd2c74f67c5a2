{# Adds columns to a snapshot's table when its query has new ones. #}
{% macro create_columns(relation, columns) -%}
    {{ return(adapter.dispatch('create_columns', 'dbt')(relation, columns)) }}
{%- endmacro %}

{% macro default__create_columns(relation, columns) -%}
    {% for column in columns %}
        {% call statement() %}alter table {{ relation }} add column {{ column.quoted }} {{ column.data_type }}{% endcall %}
    {% endfor %}
{%- endmacro %}

{# What remains to do after the snapshot's table is written. #}
{% macro post_snapshot(staging_relation) -%}
    {{ return(adapter.dispatch('post_snapshot', 'dbt')(staging_relation)) }}
{%- endmacro %}

{% macro default__post_snapshot(staging_relation) -%}
{%- endmacro %}

{% macro get_true_sql() -%}
    {{ return(adapter.dispatch('get_true_sql', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_true_sql() -%}
    {{ return('TRUE') }}
{%- endmacro %}

{# Names of the columns a snapshot adds, with those of `snapshot_meta_column_names`. #}
{% macro get_snapshot_table_column_names() -%}
    {%- set names = {
        'dbt_valid_to': 'dbt_valid_to',
        'dbt_valid_from': 'dbt_valid_from',
        'dbt_scd_id': 'dbt_scd_id',
        'dbt_updated_at': 'dbt_updated_at',
        'dbt_is_deleted': 'dbt_is_deleted'
    } -%}
    {%- for name, given in (config.get('snapshot_meta_column_names') or {}).items() if given -%}
        {%- do names.update({name: given}) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{# The end of a version that begins: open, unless it ends the moment it begins. #}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
    coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }})
    as {{ columns.dbt_valid_to }}
{%- endmacro %}

{# The key as columns: dbt_unique_key, or dbt_unique_key_1, _2 … for a list. #}
{% macro unique_key_fields(unique_key) -%}
    {%- if unique_key is string -%}
        {{ unique_key }} as dbt_unique_key
    {%- else -%}
        {%- for key in unique_key -%}
            {{ key }} as dbt_unique_key_{{ loop.index }}{{ ' ,\n' if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) -%}
    {%- if unique_key is string -%}
        {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
    {%- else -%}
        {%- for key in unique_key -%}
            {%- set column = '.dbt_unique_key_' ~ loop.index -%}
            ({{ identifier ~ column }} = {{ from_identifier ~ column }}){{ ' and\n' if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# One column of the key tells whether the outer join found a row. #}
{% macro unique_key_is_null(unique_key, identifier) -%}
    {{ identifier }}.dbt_unique_key{{ '' if unique_key is string else '_1' }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) -%}
    {{ identifier }}.dbt_unique_key{{ '' if unique_key is string else '_1' }} is not null
{%- endmacro %}

{# The first state of a snapshot: every row is the current version. #}
{% macro build_snapshot_table(strategy, sql) -%}
    {{ return(adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql)) }}
{%- endmacro %}

{% macro default__build_snapshot_table(strategy, sql) -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    select *,
        {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
        {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
        {{ get_dbt_valid_to_current(strategy, columns) }}
        {{- ",\n        'False' as " ~ columns.dbt_is_deleted if strategy.hard_deletes == 'new_record' }}
    from (
        {{ sql }}
    ) sbq
{%- endmacro %}

{# Puts what changed into a temporary table and answers it. #}
{% macro build_snapshot_staging_table(strategy, sql, target_relation) -%}
    {% set staging = make_temp_relation(target_relation) %}
    {% call statement('build_snapshot_staging_relation') %}
        {{ create_table_as(True, staging, snapshot_staging_table(strategy, sql, target_relation)) }}
    {% endcall %}
    {{ return(staging) }}
{%- endmacro %}

{#
  Rows for snapshot_merge_sql: 'insert' for versions that begin, 'update' for those that end
  because the row changed, 'delete' for those that end because the row is gone.
#}
{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {{ return(adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation)) }}
{%- endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- set key = strategy.unique_key -%}
    {%- set now = snapshot_get_time() -%}
    {%- set current = config.get('dbt_valid_to_current') -%}
    {%- set keeps_deletes = strategy.hard_deletes == 'new_record' -%}
    {%- set ends_deletes = keeps_deletes or strategy.hard_deletes == 'invalidate' or strategy.invalidate_hard_deletes -%}
    {%- set was_deleted = 'snapshotted_data.' ~ columns.dbt_is_deleted ~ " = 'True'" -%}
    {%- set changed = strategy.row_changed ~ (' or ' ~ was_deleted if keeps_deletes else '') -%}
    {#- A row that is gone and marked so already must not be marked again. -#}
    {%- set is_gone -%}
        {{ unique_key_is_null(key, 'source_data') }}
        {%- if keeps_deletes %}
            and not (
                {{ was_deleted }}
                and
                snapshotted_data.{{ columns.dbt_valid_to }} is null
            )
        {%- endif -%}
    {%- endset -%}
    with snapshot_query as (

        {{ source_sql }}

    ),

    snapshotted_data as (

        select *, {{ unique_key_fields(key) }}
        from {{ target_relation }}
        where
            {% if current -%}
                ( ({{ columns.dbt_valid_to }} = {{ current }}) or {{ columns.dbt_valid_to }} is null )
            {%- else -%}
                {{ columns.dbt_valid_to }} is null
            {%- endif %}

    ),

    insertions_source_data as (

        select *, {{ unique_key_fields(key) }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ get_dbt_valid_to_current(strategy, columns) }},
            {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}

        from snapshot_query
    ),

    updates_source_data as (

        select *, {{ unique_key_fields(key) }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}

        from snapshot_query
    ),

    {%- if ends_deletes %}

    deletes_source_data as (

        select *, {{ unique_key_fields(key) }}
        from snapshot_query
    ),
    {%- endif %}

    insertions as (

        select
            'insert' as dbt_change_type,
            source_data.*
            {{- ",'False' as " ~ columns.dbt_is_deleted if keeps_deletes }}

        from insertions_source_data as source_data
        left outer join snapshotted_data
            on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
            where {{ unique_key_is_null(key, 'snapshotted_data') }}
            or ({{ unique_key_is_not_null(key, 'snapshotted_data') }} and (
                {{ changed }}
            )

        )

    ),

    updates as (

        select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ', snapshotted_data.' ~ columns.dbt_is_deleted if keeps_deletes }}

        from updates_source_data as source_data
        join snapshotted_data
            on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
        where (
            {{ changed }}
        )
    )

    {%- if ends_deletes %}
    ,
    deletes as (

        select
            'delete' as dbt_change_type,
            source_data.*,
            {{ now }} as {{ columns.dbt_valid_from }},
            {{ now }} as {{ columns.dbt_updated_at }},
            {{ now }} as {{ columns.dbt_valid_to }},
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ', snapshotted_data.' ~ columns.dbt_is_deleted if keeps_deletes }}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
            where {{ is_gone }}
    )
    {%- endif %}

    {%- if keeps_deletes %}
    {%- set known = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | map('lower') | list %}
    ,
    deletion_records as (

        select
            'insert' as dbt_change_type,
            {%- for name in get_columns_in_query(source_sql) -%}
                {#- The first run with a new column: the last version of the row has no value of it. -#}
                {{ 'snapshotted_data.' if name | lower in known else 'NULL as ' }}{{ adapter.quote(name) }},
            {%- endfor -%}
            {%- for name in (['dbt_unique_key'] if key is string else range(1, key | length + 1)) -%}
                {%- set column = name if key is string else 'dbt_unique_key_' ~ name -%}
                snapshotted_data.{{ column }} as {{ column }},
            {%- endfor %}
            {{ now }} as {{ columns.dbt_valid_from }},
            {{ now }} as {{ columns.dbt_updated_at }},
            snapshotted_data.{{ columns.dbt_valid_to }} as {{ columns.dbt_valid_to }},
            {{ snapshot_hash_arguments([columns.dbt_scd_id, now]) }} as {{ columns.dbt_scd_id }},
            'True' as {{ columns.dbt_is_deleted }}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
        where {{ is_gone }}

    )
    {%- endif %}

    select * from insertions
    union all
    select * from updates
    {%- if ends_deletes %}
    union all
    select * from deletes
    {%- endif %}
    {%- if keeps_deletes %}
    union all
    select * from deletion_records
    {%- endif %}
{%- endmacro %}

{# The type of the column of update times in a query of a snapshot, none when it has none. #}
{% macro get_updated_at_column_data_type(snapshot_sql) -%}
    {% set wanted = (config.get('snapshot_table_column_names') or get_snapshot_table_column_names()).dbt_updated_at %}
    {% for column in get_column_schema_from_query(snapshot_sql) if column.name | lower == wanted | lower %}
        {{ return(column.dtype) }}
    {% endfor %}
    {{ return(none) }}
{%- endmacro %}

{# Warns when `updated_at` has another type than the time the snapshot itself writes. #}
{% macro check_time_data_types(sql) -%}
    {% set found = get_updated_at_column_data_type(sql) %}
    {% set expected = get_snapshot_get_time_data_type() %}
    {% if found is not none and expected is not none and found != expected %}
        {{ exceptions.warn('Data type of snapshot table timestamp columns (' ~ expected ~ ") doesn't match derived column 'updated_at' (" ~ found ~ "). Please update snapshot config 'updated_at'.") }}
    {% endif %}
{%- endmacro %}
