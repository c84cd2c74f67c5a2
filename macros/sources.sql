{# Which source systems feed `runs`, and what it takes for several to stand side by side. #}

{# The systems of the var `source`, which is one name or a list. #}
{% macro source_systems() -%}
{%- set chosen = [var('source')] if var('source') is string else var('source') | list -%}
{%- if not chosen -%}
    {{ exceptions.raise_compiler_error("the var 'source' names no source system: give it one name or a list") }}
{%- endif -%}
{%- for system in chosen if system in unreadable_systems() -%}
    {{ exceptions.raise_compiler_error("the source '" ~ system ~ "' is read in DuckDB only: build it there, or take it out of the var 'source'") }}
{%- endfor -%}
{{ return(chosen) }}
{%- endmacro %}

{# The systems whose staging models the database cannot run: their notations are read by functions of DuckDB. #}
{% macro unreadable_systems() %}{{ return(adapter.dispatch('unreadable_systems')()) }}{% endmacro %}
{% macro default__unreadable_systems() %}{{ return(['uk', 'rpscrape', 'betfair']) }}{% endmacro %}
{% macro duckdb__unreadable_systems() %}{{ return([]) }}{% endmacro %}

{# True when `system` is among them: what its staging models are enabled by. #}
{% macro reads_source(system) -%}
{{ return(system in source_systems()) }}
{%- endmacro %}

{# An id as `runs` has it: the source's own, untouched; beside other systems with the system's name before it, since two
   systems may mean two things by one name. `system` is SQL. #}
{% macro namespaced(id, system='source_system') -%}
{%- if source_systems() | length > 1 -%}{{ system }} || ':' || {{ id }}{%- else -%}{{ id }}{%- endif -%}
{%- endmacro %}

{# The columns that tell one system's days apart: with one system its days are all there are, and nothing is paid for. #}
{% macro day_of_system() -%}
{{ return(['source_system', 'race_date'] if source_systems() | length > 1 else ['race_date']) }}
{%- endmacro %}

{# Systems with prices of before the race. #}
{% macro quoted_systems() %}
{%- set with_prices = ['sample', 'uk', 'betfair'] + (['files'] if var('files_prices') else []) %}
{{ return(source_systems() | select('in', with_prices) | list) }}
{% endmacro %}

{# True when any chosen system has prices of before the race. #}
{% macro has_prices() %}{{ return(quoted_systems() | length > 0) }}{% endmacro %}
