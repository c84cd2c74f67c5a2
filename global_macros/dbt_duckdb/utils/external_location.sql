{#- Where the file of an external relation goes when it says no location of its own. #}
{% macro external_location(relation, config) -%}
  {%- set location = config.get('location', none) -%}
  {%- if location is not none -%}{{ return(location) }}{%- endif -%}
  {%- set root = target.external_root | default('.', true) -%}
  {%- set format = config.get('format', 'parquet') -%}
  {%- if (config.get('options', {}) or {}).get('partition_by') is not none -%}
    {{ return(root ~ '/' ~ relation.identifier) }}
  {%- endif -%}
  {{ return(root ~ '/' ~ relation.identifier ~ '.' ~ format) }}
{%- endmacro %}
