{#
  `call set_sql_header(config)`: the block's text goes before the statement that builds the model.
#}
{% macro set_sql_header(config) -%}
    {{ config.set('sql_header', caller()) }}
{%- endmacro %}

{# The model's `full_refresh` config, else --full-refresh. #}
{% macro should_full_refresh() -%}
    {% set configured = config.get('full_refresh') %}
    {{ return(flags.FULL_REFRESH if configured is none else configured) }}
{%- endmacro %}

{# The test's `store_failures_as` or `store_failures` config, else --store-failures. #}
{% macro should_store_failures() -%}
    {% set kind = config.get('store_failures_as') %}
    {% set configured = kind != 'ephemeral' if kind else config.get('store_failures') %}
    {{ return(flags.STORE_FAILURES if configured is none else configured) }}
{%- endmacro %}
