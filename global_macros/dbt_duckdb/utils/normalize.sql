{#- A setting that is a name or a list of names, as a list; none stays none. #}
{% macro normalize_string_or_list(raw, field_name) -%}
  {%- if raw is none or raw is undefined -%}{{ return(none) }}{%- endif -%}
  {%- if raw is string -%}{{ return([raw]) }}{%- endif -%}
  {%- if raw is mapping or raw is not sequence -%}
    {{ exceptions.raise_compiler_error(field_name ~ ' must be a string or a list of strings, not ' ~ raw) }}
  {%- endif -%}
  {%- for item in raw if item is not string -%}
    {{ exceptions.raise_compiler_error(field_name ~ ' must hold only strings, not ' ~ item) }}
  {%- endfor -%}
  {{ return(raw | list) }}
{%- endmacro %}
