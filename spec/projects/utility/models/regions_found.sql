-- depends_on: {{ ref('region_north') }} {{ ref('region_south') }} {{ ref('old_region') }}
{% set found = handy_utils.get_relations_by_prefix('raw', 'region_') -%}
{% set wider = handy_utils.get_relations_by_pattern('RAW', '%region%', exclude='%south') -%}
{% for relation in found + wider -%}
select '{{ relation.schema }}' as schema_name, '{{ relation.identifier }}' as name, '{{ relation.type }}' as type, {{ relation in wider }} as is_wider,
    (select count(*) from {{ relation }}) as row_count
{{ 'union all' if not loop.last }}
{% endfor %}
{% if not execute %}select 1{% endif %}
