{{ config(enabled=reads_source('betfair'), event_time='off_at') }}

-- Who runs in the markets of the stream, by the last definition of each.
select
    market_id, definition."eventTypeId" as event_type_id, definition."eventId" as event_id,
    definition."marketType" as market_type, definition.name as market_name,
    definition.venue as venue, definition.timezone as timezone,
    timezone('UTC', cast(definition."marketTime" as timestamptz)) as off_utc,
    timezone(definition.timezone, cast(definition."marketTime" as timestamptz)) as off_at,
    cast(runner.id as varchar) as selection_id, runner.name as selection_name, runner.status as status,
    case when runner.bsp > 1 and not isinf(runner.bsp) then runner.bsp end as bsp
from (
    select market_id, definition, unnest(definition.runners) as runner
    from (
        select
            market_id, definition,
            row_number() over (partition by market_id order by published_at desc, message_no desc) as newest
        from {{ ref('stg_betfair_messages') }} as messages
        where definition is not null
    ) as definitions
    where newest = 1
) as runners
