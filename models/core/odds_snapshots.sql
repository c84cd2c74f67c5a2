{{ config(materialized='table', event_time='race_date') }}

-- Prices of the win market, whatever the source: what a bookmaker or an exchange showed from a moment on. Ids are those
-- of `runs`.
{%- set exchanges = ['betfair'] %}
{%- set seen_on_exchanges = ['back', 'lay', 'traded', 'back_size', 'lay_size', 'volume'] %}
{%- set quoted = quoted_systems() %}

{% if quoted -%}
with staged as (
    {%- for system in quoted %}
    select
        cast('{{ system }}' as varchar) as source_system, race_id, horse_id, race_date, book, snapshot_at,
        {%- if system in exchanges %}
        coalesce(back, traded) as price
        {%- for column in seen_on_exchanges %}, {{ column }}{% endfor %}, in_play
        {%- else %}
        price, price as back,
        cast(null as double precision) as lay, cast(null as double precision) as traded,
        cast(null as double precision) as back_size, cast(null as double precision) as lay_size,
        cast(null as double precision) as volume, false as in_play
        {%- endif %}
    from {{ ref('stg_' ~ system ~ '_prices') }} as {{ system }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    {{ namespaced('staged.race_id', 'staged.source_system') }} as race_id,
    {{ namespaced('coalesce(horse.id, staged.horse_id)', 'staged.source_system') }} as horse_id,
    race_date, book, snapshot_at, price
    {%- for column in seen_on_exchanges %}, {{ column }}{% endfor %}, in_play
from staged
left join {{ ref('entity_alias') }} as horse
    on horse.entity = 'horse' and horse.source_system = staged.source_system and horse.alias = staged.horse_id
where price is not null
{%- else -%}
-- The source has no prices of before the race. The runs say how ids are typed.
select
    race_id, horse_id, race_date, cast(null as varchar) as book, cast(null as timestamp) as snapshot_at,
    cast(null as double precision) as price
    {%- for column in seen_on_exchanges %}, cast(null as double precision) as {{ column }}{% endfor %},
    false as in_play
from {{ ref('runs') }} as runs
where false
{%- endif %}
