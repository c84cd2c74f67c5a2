{# True where a model adds to its table: it is incremental, the table exists, no full refresh. #}
{% macro is_incremental() -%}
    {% if not execute or model.config.materialized != 'incremental' or should_full_refresh() %}
        {{ return(False) }}
    {% endif %}
    {% set existing = load_relation(this) %}
    {{ return(existing is not none and existing.type == 'table') }}
{%- endmacro %}
