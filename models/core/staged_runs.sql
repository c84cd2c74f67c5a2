{{ config(materialized='table') }}

-- Every row the chosen source systems stage, held to the contract (macros/contract.sql): what is wrong with it, and what
-- of it is left. Ids are the source's own.
{%- set card = identity_columns() + card_columns() %}
{%- set results = result_columns() %}
{%- set columns = card + results %}
{%- set checked = ['source_system'] + columns + ['removed_values', 'row_fault'] %}
{%- set ranges = credible_ranges() %}
{%- set renamed = {'horse_id': 'horse', 'jockey_id': 'jockey', 'trainer_id': 'trainer'} %}
{%- set of_race = [
    'race_date', 'course', 'race_no', 'off_at', 'distance_m', 'surface', 'going', 'class_rating', 'is_handicap',
] %}

with staged as (
    {%- for system in source_systems() %}
    select cast('{{ system }}' as varchar) as source_system, {{ staging_columns() | join(', ') }}
    from {{ ref('stg_' ~ system ~ '_runs') }} as {{ system }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- What is absurd is taken away and listed. No fault of the result may touch the row itself: see result_columns().
checked as (
    select
        staged.source_system,
        {%- for column in columns %}
        {%- if column in renamed %}
        coalesce({{ renamed[column] }}_alias.id, staged.{{ column }}) as {{ column }}
        {%- elif column == 'odds' %}
        case when not {{ is_absurd_price('staged') }} then staged.odds end as odds
        {%- elif column in ranges %}
        case when staged.{{ column }} between {{ ranges[column] | join(' and ') }} then staged.{{ column }} end as {{ column }}
        {%- else %}
        staged.{{ column }}
        {%- endif %},
        {%- endfor %}
        case
            when staged.unreadable is not null or {{ is_absurd_price('staged') }}
                {%- for column, range in ranges.items() %} or staged.{{ column }} not between {{ range | join(' and ') }}{% endfor %}
            then concat_ws('; ', staged.unreadable,
                case when {{ is_absurd_price('staged') }} then {{ removed('odds', 'staged.odds') }} end
                {%- for column, range in ranges.items() %},
                case when staged.{{ column }} not between {{ range | join(' and ') }} then {{ removed(column, 'staged.' ~ column) }} end
                {%- endfor %})
        end as removed_values,
        case
            when coalesce(trim(staged.race_id), '') = '' then 'missing_race_id'
            when staged.race_date is null then 'missing_race_date'
            when staged.race_date not between date '1700-01-01' and date '2199-12-31' then 'absurd_race_date'
            when coalesce(trim(staged.course), '') = '' then 'missing_course'
            when staged.race_no is null then 'missing_race_no'
            when coalesce(trim(staged.horse_id), '') = '' then 'missing_horse_id'
        end as row_fault
    from staged
    {%- for column, entity in renamed.items() %}
    left join {{ ref('entity_alias') }} as {{ entity }}_alias
        on {{ entity }}_alias.entity = '{{ entity }}' and {{ entity }}_alias.source_system = staged.source_system
        and {{ entity }}_alias.alias = staged.{{ column }}
    {%- endfor %}
),

repeats as (
    select source_system, race_id, horse_id, coalesce(min(pos_raw) <> max(pos_raw), false) as has_two_results
    from checked
    where row_fault is null
    group by source_system, race_id, horse_id
    having count(*) > 1
),

-- Of rows that contradict each other the one that says most of the card is kept, then the smallest: so the order of the
-- file does not decide.
chosen as (
    select {{ checked | join(', ') }}, cast(null as varchar) as repeat_fault, false as has_two_results
    from (
        select checked.*, repeats.race_id is not null as is_repeated
        from checked
        left join repeats on {{ same('repeats', 'checked', ['source_system', 'race_id', 'horse_id']) }}
    ) as rows_once
    where not is_repeated or row_fault is not null
    union all
    select
        {{ checked | join(', ') }},
        case when choice > 1 then case when version = 1 then 'repeated_row' else 'contradicting_row' end end,
        has_two_results
    from (
        select
            checked.*, repeats.has_two_results,
            row_number() over says_most as choice, dense_rank() over says_most as version
        from checked
        join repeats using (source_system, race_id, horse_id)
        where row_fault is null
        window says_most as (
            partition by source_system, race_id, horse_id
            order by
                {{ fewest_nulls(card) }}, {{ card | join(', ') }},
                -- Known before the off, too: who is withdrawn must not hang on what else is said of the horse.
                case when status = 'withdrawn' then 0 else 1 end,
                {{ fewest_nulls(results) }}, {{ results | join(', ') }}
        )
    ) as rows_of_repeats
),

races as (
    select
        source_system, race_id,
        count(row_fault) > 0 as is_incomplete,
        min(said_of_race) <> max(said_of_race) as is_contradicting,
        count(*) filter (where is_starter) as starters,
        min(position) <> 1 as has_no_winner,
        bool_or(is_starter and (status = 'unknown' or has_two_results))
            or min(position) < 1 or max(position) > count(*) filter (where is_starter) as has_bad_position,
        -- A walkover has no market; any other prices that make less than a whole book are not those of the race.
        count(*) filter (where is_starter) > 1 and count(price_share) = count(*) filter (where is_starter)
            and {{ total('price_share') }} < {{ fixed(least_book() ~ ' - 5e-10') }} as is_short_book
    from (
        select
            chosen.*, {{ row_hash(of_race) }} as said_of_race,
            repeat_fault is null and status <> 'withdrawn' as is_starter,
            case when repeat_fault is null then pos_num end as position,
            case when repeat_fault is null and status <> 'withdrawn' then {{ fixed('1.0 / odds') }} end as price_share
        from chosen
        where row_fault is distinct from 'missing_race_id'
    ) as rows_of_race
    group by source_system, race_id
),

judged as (
    select
        chosen.*, races.is_short_book,
        coalesce(races.has_no_winner or races.has_bad_position, false) as is_refused,
        coalesce(
            row_fault, repeat_fault,
            -- Without one of its rows a race has neither its starters nor its chances.
            case when is_incomplete then 'incomplete_race' when is_contradicting then 'contradicting_race' end
        ) as fault_of_row,
        case
            when status = 'unknown' then case when pos_raw is null then 'missing_position' else 'unreadable_position' end
            when has_two_results and status <> 'withdrawn' then 'contradicting_result'
            when pos_num not between 1 and starters then 'position_beyond_field'
            when has_bad_position then 'incomplete_result'
            when has_no_winner then 'no_winner'
        end as fault_of_result
    from chosen
    left join races on races.source_system = chosen.source_system and races.race_id = chosen.race_id
)

select
    source_system, {{ card | join(', ') }},
    pos_raw,
    case when is_refused and status <> 'withdrawn' then 'declared' else status end as status,
    case when not is_refused then pos_num end as pos_num,
    case when is_short_book is distinct from true then odds end as odds,
    {{ results | reject('in', ['pos_raw', 'status', 'pos_num', 'odds']) | join(', ') }},
    case when fault_of_row is not null then 'row' when is_refused then 'result' end as rejected,
    coalesce(fault_of_row, case when is_refused then fault_of_result end) as reason,
    case when is_short_book and odds is not null
        then concat_ws('; ', removed_values, {{ removed('odds', 'odds') }}) else removed_values
    end as removed_values
from judged
