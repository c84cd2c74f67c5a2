{#- Only indexes can be changed in place; everything else is a new view. #}
{% macro postgres__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {%- if configuration_changes.requires_full_refresh -%}
    {{ get_replace_sql(existing_relation, relation, sql) }}
  {%- else -%}
    {{ postgres__update_indexes_on_materialized_view(relation, configuration_changes.indexes) }}
  {%- endif -%}
{%- endmacro %}

{#- One statement per change: {action: drop or create, context: the index}. #}
{% macro postgres__update_indexes_on_materialized_view(relation, index_changes) -%}
  {%- for change in index_changes -%}
    {%- if change.action == 'drop' -%}
      {{ get_drop_index_sql(relation, change.context.name) }};
    {%- elif change.action == 'create' -%}
      {{ get_create_index_sql(relation, change.context) }};
    {%- else -%}
      {{ exceptions.raise_compiler_error("an index can be dropped or created, not '" ~ change.action ~ "'") }}
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}

{#-
  The indexes to drop and to create, none when the view has what the project asks for. Indexes are
  the same when method, uniqueness and columns are; their names are not compared.
#}
{% macro postgres__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {%- set existing = {} -%}
  {%- for row in postgres__describe_materialized_view(existing_relation).indexes.rows -%}
    {%- set columns = row['column_names'].split(',') | sort | join(',') -%}
    {%- do existing.update({row['method'] ~ '|' ~ row['unique'] ~ '|' ~ columns: row['name']}) -%}
  {%- endfor -%}
  {%- set wanted = {} -%}
  {%- for index in new_config.get('indexes', []) or [] -%}
    {%- set columns = index['columns'] | map('lower') | sort | join(',') -%}
    {%- do wanted.update({index.get('type', 'btree') ~ '|' ~ index.get('unique', false) ~ '|' ~ columns: index}) -%}
  {%- endfor -%}
  {%- set changes = [] -%}
  {%- for key, name in existing.items() if key not in wanted -%}
    {%- do changes.append({'action': 'drop', 'context': {'name': name}}) -%}
  {%- endfor -%}
  {%- for key, index in wanted.items() if key not in existing -%}
    {%- do changes.append({'action': 'create', 'context': index}) -%}
  {%- endfor -%}
  {{ return({'requires_full_refresh': false, 'indexes': changes} if changes else none) }}
{%- endmacro %}
