{#- What handy_utils does, done in this package's way: for projects that put it first under `dispatch:`. #}

{#- Nothing out of nothing is nothing, not unknown. #}
{% macro default__safe_divide(numerator, denominator) -%}
coalesce(( {{ numerator }} ) / nullif( ( {{ denominator }} ), 0), 0)
{%- endmacro %}

{#- Never looked at in a project that has a default__star of its own. #}
{% macro default__star() -%}
    {{ exceptions.raise_compiler_error('the star of more_metrics') }}
{%- endmacro %}

{#- Wraps the package's own: called by its full name, it is not dispatched again. #}
{% macro duckdb__slugify(string) %}
    {{ return('m_' ~ handy_utils.default__slugify(string)) }}
{% endmacro %}
