{{ config(enabled=reads_source('hk')) }}

-- Hong Kong results to the common staging layout (racing-mapping.md). The file repeats the race
-- on every row, and single rows can carry another race's distance: the race's value is the one
-- most of its rows have (ties: the smallest).
{%- set race_columns = ['distance_m', 'surface', 'going', 'race_class_zh'] %}
{%- set sections = range(1, 7) %}

with raw as (
    select * from {{ source('hk', 'runs') }}
),

{% for column in race_columns %}
{{ column }}_votes as (
    select race_id, {{ column }}, row_number() over (
        partition by race_id order by votes desc, {{ column }} nulls last
    ) as choice
    from (select race_id, {{ column }}, count(*) as votes from raw group by race_id, {{ column }}) as counted
),
{% endfor %}

races as (
    select
        race_id,
        count({{ leading_digits('place_raw') }}) > 0 as has_result,
        min(case when {{ leading_digits('place_raw') }} = 1 then finish_time_s end) as winner_time_s,
        greatest({% for k in sections %}max(case when sec{{ k }}_pos is not null then {{ k }} end){{ ', ' if not loop.last }}{% endfor %}) as n_sections
    from raw
    group by race_id
),

runners as (
    select
        raw.*,
        races.has_result, races.winner_time_s, races.n_sections,
        distance_m_votes.distance_m as race_distance_m,
        surface_votes.surface as race_surface,
        going_votes.going as race_going,
        race_class_zh_votes.race_class_zh as race_class,
        {{ whole_quotient('(races.n_sections + 1)', 2) }} as mid_call,
        races.n_sections - 1 as late_call
    from raw
    join races on races.race_id = raw.race_id
    {%- for column in race_columns %}
    join {{ column }}_votes on {{ column }}_votes.race_id = raw.race_id and {{ column }}_votes.choice = 1
    {%- endfor %}
)

select
    runners.race_id, runners.race_date, cast(null as timestamp) as off_at,
    runners.venue as course, runners.race_no,
    runners.race_distance_m as distance_m, runners.race_surface as surface,
    upper(runners.race_going) as going,
    {{ going_group('exact', 'any_word') }} as going_group,
    runners.race_name_zh as race_name, runners.race_class as class_raw,
    case
        when runners.race_class is not null then classes.class_rating
        when runners.race_name_zh like '%平磅%' or runners.prize_hkd < 2400000 then 20
        when runners.prize_hkd >= 8000000 then 100
        else 85
    end as class_rating,
    coalesce(runners.race_name_zh like '%讓賽%', false) as is_handicap,
    cast(runners.prize_hkd as double precision) as prize,
    runners.horse_code as horse_id, runners.jockey_zh as jockey_id, runners.trainer_zh as trainer_id,
    runners.draw, cast(runners.actual_wt_lbs as double precision) as weight_lbs,
    runners.horse_rating as rating, cast(null as integer) as age, cast(null as varchar) as sex,
    runners.place_raw as pos_raw,
    case
        when {{ leading_digits('runners.place_raw') }} is not null then 'finished'
        when runners.place_raw is null and not runners.has_result then 'declared'
        else coalesce(codes.status, 'unknown')
    end as status,
    {{ leading_digits('runners.place_raw') }} as pos_num,
    runners.win_odds as odds,
    -- Tailed-off horses and the 99.99 s sentinel say nothing about speed.
    case
        when runners.finish_time_s > 1.25 * runners.winner_time_s then null
        else runners.finish_time_s
    end as finish_time_s,
    runners.n_sections,
    runners.sec1_pos as early_pos,
    {{ section_value('runners.mid_call', '_pos') }} as mid_pos,
    {{ section_value('runners.late_call', '_pos') }} as late_pos,
    {{ timed('runners.sec1_s') }} as early_time_s,
    {{ timed(section_value('runners.mid_call', '_s')) }} as mid_time_s,
    {{ timed(section_value('runners.n_sections', '_s')) }} as finish_section_time_s,
    cast(null as varchar) as unreadable
from runners
left join {{ ref('hk_status') }} as codes on codes.place_code = runners.place_raw
left join {{ ref('class_rating') }} as classes on starts_with(runners.race_class, classes.class_prefix)
left join {{ ref('going_group') }} as exact
    on exact.surface = runners.race_surface and exact.going = upper(runners.race_going)
left join {{ ref('going_group') }} as any_word
    on any_word.surface = runners.race_surface and any_word.going = '*'
