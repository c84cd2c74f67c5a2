{{ config(severity='warn', fail_calc='coalesce(sum(n), 0)') }}

-- Values the contract takes away, by column; staged_runs has each as [column] value.
{%- set checked = typed_race_columns().keys() | list + typed_runner_columns().keys() | list %}
with removed as (
    select source_system, removed_values from {{ ref('staged_runs') }} as staged where removed_values is not null
)
{% for column in checked %}
select source_system, '{{ column }}' as column_name, count(*) as n
from removed
where removed_values like '%[{{ column }}]%'
group by source_system
{{ 'union all' if not loop.last }}
{%- endfor %}
