{{ config(materialized='table', event_time='race_date') }}

-- Prices of the win market, whatever the source: what a bookmaker or an exchange showed from a moment on.
{%- set bookmakers = ['sample', 'uk'] + (['files'] if var('files_prices') else []) %}
{%- set exchanges = ['betfair'] %}
{%- set seen_on_exchanges = ['back', 'lay', 'traded', 'back_size', 'lay_size', 'volume'] %}

{% if var('source') in bookmakers -%}
select
    race_id, horse_id, race_date, book, snapshot_at, price, price as back,
    cast(null as double precision) as lay, cast(null as double precision) as traded,
    cast(null as double precision) as back_size, cast(null as double precision) as lay_size,
    cast(null as double precision) as volume, false as in_play
from {{ ref('stg_' ~ var('source') ~ '_prices') }} as prices
{%- elif var('source') in exchanges -%}
select
    race_id, horse_id, race_date, book, snapshot_at, coalesce(back, traded) as price
    {%- for column in seen_on_exchanges %}, {{ column }}{% endfor %}, in_play
from {{ ref('stg_' ~ var('source') ~ '_prices') }} as prices
where coalesce(back, traded) is not null
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
