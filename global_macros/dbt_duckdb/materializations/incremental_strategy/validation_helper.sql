{# The config as a list: one text is a list of one. #}
{% macro normalize_incremental_predicates(incremental_predicates) -%}
    {% if not incremental_predicates %}
        {{ return([]) }}
    {% endif %}
    {{ return([incremental_predicates] if incremental_predicates is string else incremental_predicates | list) }}
{%- endmacro %}

{# Each of these adds a message to `errors` when the value has another type. #}
{% macro validate_string_field(field_value, field_name, errors) -%}
    {% if field_value is not string %}
        {% do errors.append(field_name ~ ' must be a string, found: ' ~ field_value) %}
    {% endif %}
{%- endmacro %}

{% macro validate_string_list_field(field_value, field_name, errors) -%}
    {% if field_value is string or field_value is mapping or field_value is not sequence %}
        {% do errors.append(field_name ~ ' must be a list, found: ' ~ field_value) %}
    {% else %}
        {% for item in field_value %}
            {% do validate_string_field(item, field_name ~ '[' ~ loop.index0 ~ ']', errors) %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{% macro validate_dict_field(field_value, field_name, errors) -%}
    {% if field_value is not mapping %}
        {% do errors.append(field_name ~ ' must be a dictionary, found: ' ~ field_value) %}
    {% endif %}
{%- endmacro %}
