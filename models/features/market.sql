{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['race_id', 'horse_id', 'as_of_date']
) }}

-- What the win market thought of each runner when the decision fell: decision_ts, before the off. Only
-- prices from before that moment take part; the final odds of `runs` are an outcome and never do.
with card as (
    select race_id, horse_id, race_date, is_starter, decision_ts
    from {{ ref('spine', history='0 days') }} as spine
),

known as (
    select
        prices.race_id, prices.horse_id, prices.race_date, prices.book, prices.snapshot_at,
        prices.price, prices.lay, prices.volume, card.decision_ts - interval '1 hour' as hour_before
    from {{ ref('odds_snapshots', history='0 days') }} as prices
    join card
        on card.race_id = prices.race_id and card.horse_id = prices.horse_id and card.race_date = prices.race_date
    where not prices.in_play and prices.snapshot_at < card.decision_ts
),

-- Per book: its first price, its last, and the one that stood an hour before the decision.
books as (
    select
        race_id, horse_id, race_date, book, count(*) as snapshots,
        min(snapshot_at) as first_at, max(snapshot_at) as last_at,
        {{ earliest('price', 'snapshot_at') }} as open_price,
        {{ latest('price', 'snapshot_at') }} as price,
        {{ latest('price', 'snapshot_at', where='snapshot_at <= hour_before') }} as hour_price,
        {{ latest('lay', 'snapshot_at') }} as lay,
        {{ latest('volume', 'snapshot_at') }} as volume
    from known
    group by race_id, horse_id, race_date, book
),

quotes as (
    select
        race_id, horse_id, race_date, count(*) as books, cast(sum(snapshots) as bigint) as snapshots,
        min(first_at) as first_at, max(last_at) as last_at, max(price) as best_price,
        {{ total(price_share('price')) }} as share, {{ total(price_share('open_price')) }} as open_share,
        count(hour_price) as hour_books,
        {{ total('case when hour_price is not null then ' ~ price_share('price') ~ ' - ' ~ price_share('hour_price') ~ ' end') }} as hour_change,
        least(min(price), min(lay)) as lowest, greatest(max(price), max(lay)) as highest,
        count(price) + count(lay) as shown,
        {{ from_fixed('sum(' ~ fixed('volume', 2) ~ ')', 2) }} as volume
    from books
    group by race_id, horse_id, race_date
),

priced as (
    select
        card.race_id, card.horse_id, card.race_date, card.decision_ts, card.is_starter,
        quotes.books, quotes.snapshots, quotes.first_at, quotes.last_at, quotes.best_price, quotes.share, quotes.open_share,
        quotes.hour_books, quotes.hour_change, quotes.lowest, quotes.highest, quotes.shown, quotes.volume,
        {{ mean_share('share', 'books') }} as implied_prob,
        {{ mean_share('open_share', 'books') }} as open_prob,
        case when card.is_starter then {{ fixed(mean_share('share', 'books'), 15) }} end as starter_share
    from card
    left join quotes
        on quotes.race_id = card.race_id and quotes.horse_id = card.horse_id and quotes.race_date = card.race_date
),

ranked as (
    select
        *,
        case
            when count(starter_share) over race = count(*) filter (where is_starter) over race
                then {{ from_fixed('sum(starter_share) over race', 15) }}
        end as book_total,
        case when starter_share is not null then rank() over (
            partition by race_date, race_id, starter_share is null order by {{ comparable('implied_prob') }} desc
        ) end as price_rank
    from priced
    window race as (partition by race_date, race_id)
)

select
    race_id, horse_id, race_date as as_of_date, decision_ts,
    best_price, implied_prob,
    case when is_starter and book_total is not null then least(implied_prob / book_total, 1.0) end as devig_prob,
    price_rank, coalesce(price_rank = 1, false) as is_favourite,
    open_prob, implied_prob - open_prob as move,
    case when last_at > first_at then (implied_prob - open_prob) / {{ hours_between('first_at', 'last_at') }} end as velocity_per_hour,
    {{ mean_share('hour_change', 'hour_books') }} as last_hour_move,
    case when shown > 1 then {{ price_spread('lowest', 'highest') }} end as spread,
    volume, coalesce(books, 0) as books, coalesce(snapshots, 0) as snapshots,
    {{ minutes_between('last_at', 'decision_ts') }} as price_age_minutes
from ranked
