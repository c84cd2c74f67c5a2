{{ config(enabled=(var('source') == 'sample'), event_time='race_date') }}

select
    prices.race_id, prices.horse_id, runs.race_date, 'sample' as book, prices.snapshot_at, prices.odds as price
from {{ ref('sample_prices') }} as prices
join {{ ref('stg_sample_runs') }} as runs
    on runs.race_id = prices.race_id and runs.horse_id = prices.horse_id
