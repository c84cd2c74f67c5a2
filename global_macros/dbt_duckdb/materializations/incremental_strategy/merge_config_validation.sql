{# Raises one error with all that is wrong in a model's merge configs. #}
{% macro validate_merge_config(config, target_relation=none) -%}
    {% set errors = [] %}
    {% set fields = {
        'merge_update_condition': 'string',
        'merge_insert_condition': 'string',
        'merge_on_using_columns': 'list',
        'merge_update_columns': 'list',
        'merge_exclude_columns': 'list',
        'merge_update_set_expressions': 'dict',
        'merge_returning_columns': 'list'
    } %}
    {% for name, type in fields.items() if config.get(name) is not none %}
        {% if type == 'string' %}
            {% do validate_string_field(config.get(name), name, errors) %}
        {% elif type == 'list' %}
            {% do validate_string_list_field(config.get(name), name, errors) %}
        {% else %}
            {% do validate_dict_field(config.get(name), name, errors) %}
        {% endif %}
    {% endfor %}
    {% do validate_merge_clauses(config, fields, errors) %}
    {% do validate_ducklake_restrictions(config, target_relation, errors) %}
    {% if errors %}
        {{ exceptions.raise_compiler_error('MERGE configuration errors:\n  - ' ~ errors | join('\n  - ')) }}
    {% endif %}
{%- endmacro %}

{# `merge_clauses` says all of what matches and what does not: configs it would hide are errors. #}
{% macro validate_merge_clauses(config, base_configuration_fields, errors) -%}
    {% set clauses = config.get('merge_clauses') %}
    {% if clauses is not none and clauses is not mapping %}
        {% do errors.append('merge_clauses must be a dictionary, found: ' ~ clauses) %}
    {% elif clauses is not none %}
        {% for name in clauses if name not in ['when_matched', 'when_not_matched'] %}
            {% do errors.append('merge_clauses.' ~ name ~ ' is unknown; when_matched and when_not_matched are known') %}
        {% endfor %}
        {% if not clauses.get('when_matched') and not clauses.get('when_not_matched') %}
            {% do errors.append('merge_clauses must have when_matched or when_not_matched') %}
        {% endif %}
        {% for type in ['when_matched', 'when_not_matched'] if type in clauses %}
            {% do validate_merge_clause_list(clauses[type], type, errors) %}
        {% endfor %}
        {% for name in base_configuration_fields if config.get(name) and name not in ['merge_on_using_columns', 'merge_returning_columns'] %}
            {% do errors.append(name ~ ' has no effect beside merge_clauses: put it into a clause') %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{# `clause_type`: when_matched or when_not_matched. #}
{% macro validate_merge_clause_list(merge_clauses, clause_type, errors) -%}
    {% set path = 'merge_clauses.' ~ clause_type %}
    {% set actions = ['update', 'delete', 'do_nothing', 'error'] + (['insert'] if clause_type == 'when_not_matched' else []) %}
    {% if merge_clauses is string or merge_clauses is mapping or merge_clauses is not sequence %}
        {% do errors.append(path ~ ' must be a list, found: ' ~ merge_clauses) %}
    {% else %}
        {% for clause in merge_clauses %}
            {% set place = path ~ '[' ~ loop.index0 ~ ']' %}
            {% if clause is not mapping %}
                {% do errors.append(place ~ ' must be a dictionary, found: ' ~ clause) %}
            {% elif clause.get('action') not in actions %}
                {% do errors.append(place ~ ".action must be one of " ~ actions | join(', ') ~ '; found: ' ~ clause.get('action')) %}
            {% else %}
                {% if clause.get('mode', 'by_name') not in ['by_name', 'by_position', 'star', 'explicit'] %}
                    {% do errors.append(place ~ '.mode must be one of by_name, by_position, star, explicit; found: ' ~ clause['mode']) %}
                {% endif %}
                {% if clause.get('condition') is not none %}
                    {% do validate_string_field(clause['condition'], place ~ '.condition', errors) %}
                {% endif %}
                {% if clause['action'] == 'insert' and clause.get('mode') == 'explicit' %}
                    {% set insert = clause.get('insert') or {} %}
                    {% if (insert.get('columns') or []) | length != (insert.get('values') or []) | length or not insert.get('columns') %}
                        {% do errors.append(place ~ '.insert must have columns and as many values') %}
                    {% endif %}
                {% endif %}
            {% endif %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{# DuckLake's MERGE takes one update or delete. An adapter that knows no DuckLake has no such method. #}
{% macro validate_ducklake_restrictions(config, target_relation, errors) -%}
    {% if target_relation and adapter.is_ducklake and adapter.is_ducklake(target_relation) %}
        {% set matched = (config.get('merge_clauses') or {}).get('when_matched') or [] %}
        {% if matched | selectattr('action', 'in', ['update', 'delete']) | list | length > 1 %}
            {% do errors.append('merge_clauses.when_matched: DuckLake takes a single update or delete') %}
        {% endif %}
    {% endif %}
{%- endmacro %}
