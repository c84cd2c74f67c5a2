{#-
  Views over the files of external models that this run reads but does not build: an in-memory
  database starts without them.
#}
{% macro register_upstream_external_models() -%}
  {%- if not execute -%}{{ return('') }}{%- endif -%}
  {%- set upstream = namespace(ids=[]) -%}
  {%- for id in selected_resources if id in graph.nodes -%}
    {%- for parent in graph.nodes[id].depends_on.nodes if parent not in selected_resources and parent not in upstream.ids -%}
      {%- set upstream.ids = upstream.ids + [parent] -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for id in upstream.ids if id in graph.nodes and graph.nodes[id].config.materialized == 'external' -%}
    {%- set node = graph.nodes[id] -%}
    {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias, type='view') -%}
    {%- set location = external_location(relation, node.config) -%}
    {%- if location_exists(location) -%}
      {%- do adapter.create_schema(relation) -%}
      {%- call statement('register_upstream', language='sql') -%}
        create or replace view {{ relation }} as (select * from '{{ location }}')
      {%- endcall -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return('') }}
{%- endmacro %}
