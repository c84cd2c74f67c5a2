{# The parts of a statement that makes an aggregate function; adapters say which they have. #}
{% macro get_aggregate_function_create_replace_signature(target_relation) -%}
    {{ return(adapter.dispatch('get_aggregate_function_create_replace_signature', 'dbt')(target_relation)) }}
{%- endmacro %}

{% macro default__get_aggregate_function_create_replace_signature(target_relation) -%}
    CREATE OR REPLACE AGGREGATE FUNCTION {{ target_relation.render() }} ({{ get_formatted_aggregate_function_args() }})
    RETURNS {{ model.returns.data_type }}
    {{ get_function_language_specifier() }}
    {{ get_aggregate_function_volatility_specifier() }}
    {{ get_function_python_options() }}
    AS
{%- endmacro %}

{% macro get_formatted_aggregate_function_args() -%}
    {{ return(adapter.dispatch('get_formatted_aggregate_function_args', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_formatted_aggregate_function_args() -%}
    {{ return(formatted_scalar_function_args_sql()) }}
{%- endmacro %}

{% macro get_function_language_specifier() -%}
    {{ return(adapter.dispatch('get_function_language_specifier', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_function_language_specifier() -%}
    {{ return('LANGUAGE ' ~ model.get('language', 'sql') | upper) }}
{%- endmacro %}

{% macro get_aggregate_function_volatility_specifier() -%}
    {{ return(adapter.dispatch('get_aggregate_function_volatility_specifier', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_aggregate_function_volatility_specifier() -%}
    {{ return(scalar_function_volatility_sql()) }}
{%- endmacro %}

{# Of a function in Python: the version it runs on and the name of what is called. #}
{% macro get_function_python_options() -%}
    {{ return(adapter.dispatch('get_function_python_options', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_function_python_options() -%}
    {%- if model.get('language') == 'python' -%}
        RUNTIME_VERSION = '{{ model.config.get('runtime_version') }}'
        HANDLER = '{{ model.config.get('entry_point') }}'
    {%- endif -%}
{%- endmacro %}
