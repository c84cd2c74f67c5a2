{#- One row of each group: the first in the order. #}
{% macro deduplicate(relation, partition_by, order_by) -%}
    {{ return(adapter.dispatch('deduplicate', 'handy_utils')(relation, partition_by, order_by)) }}
{%- endmacro %}

{% macro default__deduplicate(relation, partition_by, order_by) -%}
with numbered as (
    select
        _inner.*,
        row_number() over (partition by {{ partition_by }} order by {{ order_by }}) as _row
    from {{ relation }} as _inner
)

select _outer.*
from {{ relation }} as _outer
inner join numbered using ({{ partition_by }})
where numbered._row = 1
{%- endmacro %}

{% macro postgres__deduplicate(relation, partition_by, order_by) -%}
select distinct on ({{ partition_by }}) *
from {{ relation }}
order by {{ partition_by }}, {{ order_by }}
{%- endmacro %}

{% macro duckdb__deduplicate(relation, partition_by, order_by) -%}
select *
from {{ relation }}
qualify row_number() over (partition by {{ partition_by }} order by {{ order_by }}) = 1
{%- endmacro %}
