{{ config(enabled=reads_source('betfair'), event_time='race_date') }}

-- Prices of the win markets of stg_betfair_runs: every change the stream has, and what the summary saw at the off.
select
    runs.race_id, runs.horse_id, runs.race_date, 'betfair' as book,
    {{ by_clock_of_off('prices.published_at', 'runs.off_at', 'runners.timezone') }} as snapshot_at,
    prices.back, prices.lay, prices.traded, prices.back_size, prices.lay_size, prices.volume, prices.in_play
from {{ ref('stg_betfair_stream_prices') }} as prices
join {{ ref('stg_betfair_stream_runners') }} as runners
    on runners.market_id = prices.market_id and runners.selection_id = prices.selection_id
join {{ ref('stg_betfair_runs') }} as runs
    on runs.race_id = prices.market_id and runs.horse_id = prices.selection_id
union all
select
    race_id, horse_id, race_date, 'betfair', off_at, max(back), max(lay), cast(null as double precision),
    cast(null as double precision), cast(null as double precision), max(volume), false
from (
    select
        runs.race_id, runs.horse_id, runs.race_date, runs.off_at,
        "BEST_AVAIL_BACK_AT_SCHEDULED_OFF" as back, "BEST_AVAIL_LAY_AT_SCHEDULED_OFF" as lay,
        "WIN_PREPLAY_VOLUME" as volume
    from {{ source('betfair', 'summary') }}
    join {{ ref('stg_betfair_runs') }} as runs
        on runs.race_id = '1.' || "WIN_MARKET_ID" and runs.horse_id = cast("SELECTION_ID" as varchar)
) as at_the_off
where back is not null
group by race_id, horse_id, race_date, off_at
