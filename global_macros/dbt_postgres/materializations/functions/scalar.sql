{# Postgres takes arguments with defaults only after those without. #}
{% macro postgres__formatted_scalar_function_args_sql() -%}
    {%- set args = [] -%}
    {%- set optional = [] -%}
    {%- for arg in model.arguments -%}
        {%- if arg.default_value is defined and arg.default_value is not none -%}
            {%- do optional.append(arg.name ~ ' ' ~ arg.data_type ~ ' DEFAULT ' ~ arg.default_value) -%}
        {%- elif optional -%}
            {{ exceptions.raise_compiler_error("argument '" ~ arg.name ~ "' of function '" ~ model.name ~ "' needs a default_value: one before it has one") }}
        {%- else -%}
            {%- do args.append(arg.name ~ ' ' ~ arg.data_type) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return((args + optional) | join(', ')) }}
{%- endmacro %}
