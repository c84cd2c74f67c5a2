{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['race_id', 'horse_id', 'as_of_date']
) }}

-- What each pair on today's card did together before, over the whole career.
{%- set pairs = {
    'jockey_horse': ['jockey_id', 'horse_id'], 'trainer_horse': ['trainer_id', 'horse_id'],
    'jockey_course': ['jockey_id', 'course'], 'trainer_course': ['trainer_id', 'course'],
} %}

with card as (
    select race_id, horse_id, {{ day_of_system() | join(', ') }}, jockey_id, trainer_id, course
    from {{ ref('spine', history='0 days') }} as spine
),

{% for pair, keys in pairs.items() %}
{%- set key = keys | join(', ') %}
{{ pair }} as (
    select
        {{ key }}, race_date,
        cast(coalesce(sum(runs) over career, 0) as bigint) as runs,
        cast(coalesce(sum(wins) over career, 0) as bigint) as wins,
        sum(e0) over career as e0
    from (
        select
            {{ key }}, race_date,
            {{ total('case when ' ~ is_run() ~ ' then 1 end') }} as runs,
            {{ total('case when ' ~ is_run() ~ ' then won end') }} as wins,
            {{ total('case when ' ~ is_run() ~ ' then ' ~ fixed('e0') ~ ' end') }} as e0
        from {{ ref('runs') }} as runs
        where exists (select 1 from card where {{ same('card', 'runs', keys) }})
        group by {{ key }}, race_date
    ) as days
    window career as (partition by {{ key }} order by race_date {{ past_career_of_days() }})
),
{% endfor %}

field as ({{ mean_e0_by_day() }})

select
    card.race_id, card.horse_id, card.race_date as as_of_date,
    card.jockey_id, card.trainer_id, card.course
    {%- for pair, keys in pairs.items() %},
    {{ pair }}.runs as {{ pair }}_runs,
    {{ pair }}.wins as {{ pair }}_wins,
    case when {{ pair }}.runs is not null
        then {{ shrunk_rate(pair ~ '.wins', pair ~ '.runs', pair ~ '.e0', 'field.mean_e0') }}
    end as {{ pair }}_sr
    {%- endfor %}
from card
left join field on {{ same('field', 'card', day_of_system()) }}
{%- for pair, keys in pairs.items() %}
left join {{ pair }}
    on {{ pair }}.{{ keys[0] }} = card.{{ keys[0] }} and {{ pair }}.{{ keys[1] }} = card.{{ keys[1] }}
    and {{ pair }}.race_date = card.race_date
{%- endfor %}
