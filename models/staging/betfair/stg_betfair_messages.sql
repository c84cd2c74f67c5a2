{{ config(enabled=reads_source('betfair'), materialized='table') }}

-- The stream as it was published: one row per message and market, numbered in the order of the files.
select
    line * 1000 + part as message_no, published_at, market_id, coalesce(is_image, false) as is_image, definition, changes
from (
    select
        line, epoch_ms(pt) as published_at, unnest(range(1, len(mc) + 1)) as part,
        unnest(mc).id as market_id, unnest(mc).img as is_image,
        unnest(mc)."marketDefinition" as definition, unnest(mc).rc as changes
    from (
        select row_number() over () as line, pt, mc from {{ source('betfair', 'stream') }} where op = 'mcm'
    ) as lines
) as markets
