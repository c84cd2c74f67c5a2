{#
  A strategy tells a snapshot what changed: {unique_key, updated_at, row_changed, scd_id,
  invalidate_hard_deletes, hard_deletes}; all but the last two are SQL. `strategy: x` calls
  snapshot_x_strategy, so a project adds one with a macro of that name.
#}
{% macro strategy_dispatch(name) -%}
    {% set path = name.split('.') %}
    {% set macros = context[path[0]] if path | length == 2 else context %}
    {% set macro = macros['snapshot_' ~ path[-1] ~ '_strategy'] %}
    {% if not macro %}
        {{ exceptions.raise_compiler_error("Could not find a snapshot strategy macro named 'snapshot_" ~ path[-1] ~ "_strategy'" ~ (' in ' ~ path[0] if path | length == 2 else '')) }}
    {% endif %}
    {{ return(macro) }}
{%- endmacro %}

{# One text for the values that identify a version of a row. #}
{% macro snapshot_hash_arguments(args) -%}
    {{ return(adapter.dispatch('snapshot_hash_arguments', 'dbt')(args)) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
    {%- set parts = [] -%}
    {%- for arg in args -%}
        {%- do parts.append('coalesce(cast(' ~ arg ~ " as varchar ), '')") -%}
    {%- endfor -%}
    md5({{ parts | join("\n         || '|' || ") }}
    )
{%- endmacro %}

{# Changed: the source's updated_at is after the start of the version at hand. #}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
    {% set updated_at = model_config.get('updated_at') %}
    {% if not updated_at %}
        {{ exceptions.raise_compiler_error('A snapshot configured with the timestamp strategy must specify an updated_at configuration.') }}
    {% endif %}
    {% set columns = model_config.get('snapshot_table_column_names') or get_snapshot_table_column_names() %}
    {% set unique_key = model_config.get('unique_key') %}
    {% set hard_deletes = model_config.get('hard_deletes') or ('invalidate' if model_config.get('invalidate_hard_deletes') else 'ignore') %}
    {{ return({
        'unique_key': unique_key,
        'updated_at': updated_at,
        'row_changed': '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')',
        'scd_id': snapshot_hash_arguments(([unique_key] if unique_key is string else unique_key | list) + [updated_at]),
        'invalidate_hard_deletes': hard_deletes == 'invalidate',
        'hard_deletes': hard_deletes
    }) }}
{%- endmacro %}

{# Changed: one of the columns has another value; a column that the snapshot lacks changes all rows. #}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
    {% set check_cols = model_config.get('check_cols') %}
    {% if not check_cols %}
        {{ exceptions.raise_compiler_error('A snapshot configured with the check strategy must specify a check_cols configuration.') }}
    {% elif check_cols is string and check_cols != 'all' or check_cols is mapping %}
        {{ exceptions.raise_compiler_error("check_cols must be 'all' or a list of columns, found: " ~ check_cols) }}
    {% endif %}
    {% set unique_key = model_config.get('unique_key') %}
    {% set hard_deletes = model_config.get('hard_deletes') or ('invalidate' if model_config.get('invalidate_hard_deletes') else 'ignore') %}
    {% set updated_at = model_config.get('updated_at') or snapshot_get_time() %}
    {% set column_added, compared = snapshot_check_all_get_existing_columns(node, target_exists, check_cols) %}
    {%- set row_changed -%}
    (
    {%- if column_added -%}
        {{ get_true_sql() }}
    {%- else -%}
        {%- for column in compared -%}
            {%- set old = snapshotted_rel ~ '.' ~ column -%}
            {%- set new = current_rel ~ '.' ~ column -%}
            {{ old }} != {{ new }}
            or
            (
                (({{ old }} is null) and not ({{ new }} is null))
                or
                ((not {{ old }} is null) and ({{ new }} is null))
            ){{ ' or ' if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
    )
    {%- endset %}
    {{ return({
        'unique_key': unique_key,
        'updated_at': updated_at,
        'row_changed': row_changed,
        'scd_id': snapshot_hash_arguments(([unique_key] if unique_key is string else unique_key | list) + [updated_at]),
        'invalidate_hard_deletes': hard_deletes == 'invalidate',
        'hard_deletes': hard_deletes
    }) }}
{%- endmacro %}

{# Whether the query has a column to check that the snapshot lacks, and the quoted columns both have. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
    {%- set sql = node['compiled_code'] -%}
    {%- if check_cols_config != 'all' -%}
        {%- set sql = 'select ' ~ check_cols_config | join(', ') ~ ' from (' ~ sql ~ ') subq' -%}
    {%- endif -%}
    {%- set asked = get_columns_in_query(sql) -%}
    {%- set known = namespace(names=asked | map('lower') | list) -%}
    {%- if target_exists -%}
        {%- set known.names = adapter.get_columns_in_relation(this) | map(attribute='name') | map('lower') | list -%}
    {%- endif -%}
    {%- set result = namespace(added=False, columns=[]) -%}
    {%- for name in asked -%}
        {%- if name | lower in known.names -%}
            {%- do result.columns.append(adapter.quote(name)) -%}
        {%- else -%}
            {%- set result.added = True -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return((result.added, result.columns)) }}
{%- endmacro %}

{# A text of a time as a value of the type of snapshot_get_time(). #}
{% macro snapshot_string_as_time(timestamp) -%}
    {{ return(adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp)) }}
{%- endmacro %}

{% macro default__snapshot_string_as_time(timestamp) -%}
    {{ exceptions.raise_not_implemented('snapshot_string_as_time macro not implemented for adapter ' ~ adapter.type()) }}
{%- endmacro %}
