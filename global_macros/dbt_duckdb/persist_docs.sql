{#- Text between marks that no description holds, so that nothing in it needs escaping. #}
{% macro duckdb_escape_comment(comment) -%}
  {%- if comment is not string -%}
    {{ exceptions.raise_compiler_error('a description must be text, not ' ~ comment) }}
  {%- endif -%}
  {%- set mark = '$dbt_comment_literal_block$' -%}
  {%- if mark in comment -%}
    {{ exceptions.raise_compiler_error('a description must not hold ' ~ mark) }}
  {%- endif -%}
  {{ mark }}{{ comment }}{{ mark }}
{%- endmacro %}

{% macro duckdb__alter_relation_comment(relation, comment) -%}
  comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(comment) }};
{% endmacro %}

{% macro duckdb__alter_column_comment(relation, column_dict) %}
  {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- for name, column in validate_doc_columns(relation, column_dict, existing).items() %}
    {% set comment = column['description'] or '' %}
    {% set quoted = adapter.quote(name) if column['quote'] else name %}
    comment on column {{ relation }}.{{ quoted }} is {{ duckdb_escape_comment(comment) }};
  {% endfor %}
{% endmacro %}
