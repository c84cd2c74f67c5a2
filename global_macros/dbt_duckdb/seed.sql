{% macro duckdb__get_binding_char() -%}
    {{ return('?') }}
{%- endmacro %}

{% macro duckdb__get_batch_size() -%}
    {{ return(10000) }}
{%- endmacro %}

{# DuckDB reads the seed's file by itself, which is faster than binding values. #}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- set path = dbt.escape_single_quotes(model['root_path'] ~ '/' ~ model['original_file_path']) -%}
    {%- set delimiter = dbt.escape_single_quotes(model['config'].get('delimiter') or ',') -%}
    {%- set sql = 'COPY ' ~ this.render() ~ " FROM '" ~ path ~ "' (FORMAT CSV, HEADER TRUE, DELIMITER '" ~ delimiter ~ "')" -%}
    {% call statement('_') %}{{ sql }}{% endcall %}
    {{ return(sql) }}
{%- endmacro %}
