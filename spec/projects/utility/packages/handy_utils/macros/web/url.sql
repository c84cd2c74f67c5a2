{% macro get_url_parameter(field, url_parameter) -%}
    {{ return(adapter.dispatch('get_url_parameter', 'handy_utils')(field, url_parameter)) }}
{%- endmacro %}

{% macro default__get_url_parameter(field, url_parameter) -%}
{%- set from_it = dbt.split_part(field, "'" ~ url_parameter ~ "='", 2) | trim -%}
nullif({{ dbt.split_part(from_it, "'&'", 1) | trim }}, '')
{%- endmacro %}

{% macro get_url_host(field) -%}
    {{ return(adapter.dispatch('get_url_host', 'handy_utils')(field)) }}
{%- endmacro %}

{% macro default__get_url_host(field) -%}
{%- set bare = namespace(sql=field) -%}
{%- for scheme in ['android-app://', 'http://', 'https://'] -%}
    {%- set bare.sql = dbt.replace(bare.sql, "'" ~ scheme ~ "'", "''") -%}
{%- endfor -%}
{{ dbt.split_part(dbt.split_part(bare.sql, "'/'", 1) | trim, "'?'", 1) | trim }}
{%- endmacro %}
