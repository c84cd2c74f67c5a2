{#-
  Runs the SQL in its body, and keeps its answer under `name` for load_result. The statement named
  main is the node's own: its text is what the node ran.
#}
{% macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') -%}
  {%- if not execute -%}{{ return('') }}{%- endif -%}
  {%- set compiled_code = caller() -%}
  {%- if language != 'sql' -%}
    {{ exceptions.raise_compiler_error("statement() cannot run the language '" ~ language ~ "'") }}
  {%- endif -%}
  {%- if name == 'main' -%}{%- do write(compiled_code) -%}{%- endif -%}
  {%- set response, table = adapter.execute(compiled_code, auto_begin=auto_begin, fetch=fetch_result) -%}
  {%- if name is not none -%}
    {%- do store_result(name, response=response, agate_table=table) -%}
  {%- endif -%}
{%- endmacro %}

{#- Keeps an answer as if a statement had run: for nodes that have nothing to do. #}
{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) -%}
  {%- if execute and name is not none -%}
    {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
  {%- endif -%}
{%- endmacro %}

{#- Runs a query and returns its table; none while parsing. #}
{% macro run_query(sql) -%}
  {%- call statement('run_query_statement', fetch_result=True, auto_begin=False) %}
    {{ sql }}
  {% endcall -%}
  {%- if not execute -%}{{ return(none) }}{%- endif -%}
  {{ return(load_result('run_query_statement').table) }}
{%- endmacro %}
