{{ config(enabled=reads_source('betfair'), materialized='table') }}

-- The state of every runner after each message that changed it: the stream only says what is new. A change of a
-- level replaces the level, an image replaces all. The best prices are level 0 of the ladder (batb, batl, or bdatb,
-- bdatl with virtual offers) or, where a file has only whole books (atb, atl), the best price with money on it.
{%- set sides = {'back': ['batb', 'bdatb', 'atb', 'max'], 'lay': ['batl', 'bdatl', 'atl', 'min']} %}
{#- Messages of a runner that are searched together: fewer make more copies of old offers, more a longer search. #}
{%- set chunk = 64 %}
{%- set runner = 'market_id, selection_id, image_no' %}

with messages as (
    select
        *,
        sum(cast(is_image as integer)) over so_far as image_no,
        last_value(definition."inPlay" ignore nulls) over so_far as in_play
    from {{ ref('stg_betfair_messages') }} as messages
    window so_far as (partition by market_id order by published_at, message_no rows unbounded preceding)
),

ladders as (
    select
        market_id,
        bool_or(len(list_filter(changes, change -> change.batb is not null or change.batl is not null)) > 0) as has_own,
        bool_or(len(list_filter(changes, change -> change.bdatb is not null or change.bdatl is not null)) > 0) as has_display
    from messages
    group by market_id
),

changes as (
    select
        numbered.market_id, cast(change.id as varchar) as selection_id, published_at, message_no, image_no, in_play,
        change.ltp as traded, change.tv as volume,
        {%- for side, (own, display, depth, best) in sides.items() %}
        case when has_own then change.{{ own }} when has_display then change.{{ display }} end as {{ side }}_ladder,
        case when not (has_own or has_display) then change.{{ depth }} end as {{ side }}_depth
        {{- ',' if not loop.last }}
        {%- endfor %}
    from (select * exclude (changes), unnest(changes) as change from messages) as numbered
    join ladders on ladders.market_id = numbered.market_id
),

{% for side, (own, display, depth, best) in sides.items() %}
{{ side }}_updates as (
    select
        {{ runner }}, message_no, {{ side }}_depth as depth,
        row_number() over (partition by {{ runner }} order by published_at, message_no) as n,
        count(*) over (partition by {{ runner }}) as updates
    from changes
    where {{ side }}_depth is not null
),

-- From which update of the runner to which an offer stood.
{{ side }}_offers as (
    select
        {{ runner }}, offer[1] as price, offer[2] as size, n as from_n,
        lead(n, 1, updates + 1) over (partition by {{ runner }}, offer[1] order by n, nth) as to_n
    from (
        select {{ runner }}, n, updates, unnest(depth) as offer, unnest(range(1, len(depth) + 1)) as nth
        from {{ side }}_updates
    ) as offers
),

{{ side }}_best as (
    select
        updates.market_id, updates.selection_id, updates.image_no, updates.message_no,
        [0.0, {{ best }}(offers.price), arg_{{ best }}(offers.size, offers.price)] as level
    from {{ side }}_updates as updates
    left join (
        select *, unnest(range(from_n // {{ chunk }}, (to_n - 1) // {{ chunk }} + 1)) as chunk
        from {{ side }}_offers
        where size > 0 and to_n > from_n
    ) as offers
        on offers.market_id = updates.market_id and offers.selection_id = updates.selection_id
        and offers.image_no = updates.image_no and offers.chunk = updates.n // {{ chunk }}
        and offers.from_n <= updates.n and offers.to_n > updates.n
    group by updates.market_id, updates.selection_id, updates.image_no, updates.message_no
),
{% endfor %}

states as (
    select
        changes.market_id, changes.selection_id, changes.published_at, changes.message_no, in_play,
        last_value(traded ignore nulls) over so_far as traded,
        last_value(volume ignore nulls) over so_far as volume,
        {%- for side in sides %}
        last_value(coalesce({{ side }}_best.level, {{ betfair_best_level(side ~ '_ladder') }}) ignore nulls) over so_far as {{ side }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from changes
    {%- for side in sides %}
    left join {{ side }}_best
        on {{ side }}_best.market_id = changes.market_id and {{ side }}_best.selection_id = changes.selection_id
        and {{ side }}_best.message_no = changes.message_no
    {%- endfor %}
    window so_far as (
        partition by changes.market_id, changes.selection_id, changes.image_no
        order by changes.published_at, changes.message_no rows unbounded preceding
    )
)

select
    market_id, selection_id, published_at,
    {{ betfair_offer('back', 2) }} as back, {{ betfair_offer('lay', 2) }} as lay, traded,
    {{ betfair_offer('back', 3) }} as back_size, {{ betfair_offer('lay', 3) }} as lay_size, volume,
    coalesce(in_play, false) as in_play
from states
qualify row_number() over (partition by market_id, selection_id, published_at order by message_no desc) = 1
