{# Column names in quotes: "a", "b". #}
{% macro get_quoted_csv(column_names) -%}
    {%- set quoted = [] -%}
    {%- for name in column_names -%}
        {%- do quoted.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {{ return(quoted | join(', ')) }}
{%- endmacro %}

{# The columns of `source_columns` whose names `target_columns` does not have. #}
{% macro diff_columns(source_columns, target_columns) -%}
    {% set known = target_columns | map(attribute='name') | list %}
    {{ return(source_columns | rejectattr('name', 'in', known) | list) }}
{%- endmacro %}

{# Columns whose type must change in the target: [{column_name, new_type}]. #}
{% macro diff_column_data_types(source_columns, target_columns) -%}
    {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{%- endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) -%}
    {% set changed = [] %}
    {% for new in source_columns %}
        {% for old in target_columns if old.name == new.name %}
            {# A text column that only grows is widened by the adapter. #}
            {% if new.data_type != old.data_type and not old.can_expand_to(other_column=new) %}
                {% do changed.append({'column_name': old.name, 'new_type': new.data_type}) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(changed) }}
{%- endmacro %}

{# What a merge updates: the columns named, all but those excluded, or all. #}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
    {{ return(adapter.dispatch('get_merge_update_columns', 'dbt')(merge_update_columns, merge_exclude_columns, dest_columns)) }}
{%- endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
    {% if merge_update_columns and merge_exclude_columns %}
        {{ exceptions.raise_compiler_error(
            'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config'
        ) }}
    {% elif merge_update_columns %}
        {{ return(merge_update_columns) }}
    {% endif %}
    {% set excluded = (merge_exclude_columns or []) | map('lower') | list %}
    {% set updated = [] %}
    {% for column in dest_columns if column.name | lower not in excluded %}
        {% do updated.append(column.quoted) %}
    {% endfor %}
    {{ return(updated) }}
{%- endmacro %}
