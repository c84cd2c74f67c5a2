{% macro duckdb__get_incremental_merge_sql(args_dict) -%}
    {{ return(duckdb__get_merge_sql(
        args_dict['target_relation'], args_dict['temp_relation'], args_dict['unique_key'],
        args_dict['dest_columns'], args_dict['incremental_predicates']
    )) }}
{%- endmacro %}

{% macro duckdb__merge_join_clause(unique_key, merge_on_using_columns, incremental_predicates) -%}
    {%- set on = [] -%}
    {%- for key in ([unique_key] if unique_key is string else unique_key or []) -%}
        {%- do on.append('(DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key ~ ')') -%}
    {%- endfor -%}
    {%- for predicate in normalize_incremental_predicates(incremental_predicates) -%}
        {%- do on.append('(' ~ predicate ~ ')') -%}
    {%- endfor -%}
    {%- if merge_on_using_columns -%}
        USING ({{ merge_on_using_columns | join(', ') }})
    {%- else -%}
        ON {{ on | join(' AND ') if unique_key else 'FALSE' }}
    {%- endif -%}
{%- endmacro %}

{#
  DuckDB's MERGE with the clauses of `merge_clauses`, or those the simpler configs stand for.
  Conditions and expressions name the sides DBT_INTERNAL_SOURCE and DBT_INTERNAL_DEST.
#}
{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
    {%- do validate_merge_config(config, target) -%}
    {%- set included = config.get('merge_update_columns') or [] -%}
    {%- set excluded = config.get('merge_exclude_columns') or [] -%}
    {%- set expressions = config.get('merge_update_set_expressions') or {} -%}
    {%- set defaults = merge_clause_defaults(
        config.get('merge_update_condition'), config.get('merge_insert_condition'), included, excluded, expressions
    ) -%}
    {%- set matched = [defaults['when_matched_update_explicit' if included or excluded or expressions else 'when_matched_update_by_name']] -%}
    {%- set unmatched = [defaults['when_not_matched_insert_by_name']] -%}
    {%- set clauses = config.get('merge_clauses') or {} -%}
    {%- set returned = config.get('merge_returning_columns') or [] -%}
    MERGE INTO {{ target }} AS DBT_INTERNAL_DEST
        USING {{ source }} AS DBT_INTERNAL_SOURCE
        {{ duckdb__merge_join_clause(unique_key, config.get('merge_on_using_columns'), incremental_predicates) }}
    {%- for type in ['when_matched', 'when_not_matched'] %}
    {%- for clause in clauses.get(type) or (matched if type == 'when_matched' else unmatched) %}
    {%- set mode = clause.get('mode') or 'by_name' %}
    WHEN {{ 'MATCHED' if type == 'when_matched' else 'NOT MATCHED' }}
        {{- ' BY SOURCE' if clause.get('by') == 'source' or (type == 'when_not_matched' and clause['action'] in ['update', 'delete']) }}
        {{- ' AND (' ~ clause['condition'] ~ ')' if clause.get('condition') }}
    THEN
        {% if clause['action'] == 'do_nothing' -%}
            DO NOTHING
        {%- elif clause['action'] == 'error' -%}
            ERROR {{ dbt.string_literal(dbt.escape_single_quotes(clause['error_message'])) if clause.get('error_message') }}
        {%- elif clause['action'] == 'delete' -%}
            DELETE
        {%- elif mode == 'explicit' and clause['action'] == 'insert' -%}
            INSERT ({{ clause['insert']['columns'] | join(', ') }})
            VALUES ({{ clause['insert']['values'] | join(', ') }})
        {%- elif mode == 'explicit' -%}
            {%- set update = clause.get('update') or {} -%}
            {%- set computed = update.get('set_expressions') or {} -%}
            {%- set skipped = ((update.get('exclude') or []) + computed.keys() | list) | map('lower') | list -%}
            {%- set assignments = [] -%}
            {%- for name in update.get('include') or dest_columns | map(attribute='name') -%}
                {%- set column = name if update.get('include') else adapter.quote(name) -%}
                {%- do assignments.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) if name | lower not in skipped -%}
            {%- endfor -%}
            {%- for name, expression in computed.items() -%}
                {%- do assignments.append(name ~ ' = ' ~ expression) -%}
            {%- endfor -%}
            UPDATE SET
                {{ assignments | join(', ') }}
        {%- else -%}
            {{ clause['action'] | upper }}{{ {'by_name': ' BY NAME', 'by_position': ' BY POSITION', 'star': ' *' if clause['action'] == 'insert' else ' SET *'}[mode] }}
        {%- endif %}
    {%- endfor %}
    {%- endfor %}
    {{ 'RETURNING ' ~ returned | join(', ') if returned }}
{%- endmacro %}
