{{ config(severity='warn') }}

-- racing.md §5.9: the Kolmogorov–Smirnov distance of each feature between the newest 30 days and the 365 days before
-- them: the greatest difference of the two cumulative shares, 0 to 1; NULL counts as the lowest value. More than the var
-- drift_ks is a warning: the trees were trained on another spread than they are asked about. A few hundred runners of
-- the newest days, many of them the same horses and people, differ by about 0.1 by chance.
{#- Not looked at, since they drift by what they are: counts that grow with the history there is; what all runners of a
    race or of a meeting share, of which thirty days hold too few; rates of pairs that mostly never met and of conditions mostly never seen, which are the
    p0 of the day; ids, dates and labels. Nor is anything before there are 395 days: young histories drift. -#}
{%- set growing = ['_runs', '_wins', '_count', 'career_places', 'draw_sample_size'] %}
{%- set shared = [
    'race_no', 'distance_m', 'starters', 'field_size', 'places_paid', 'is_handicap', 'class_rating',
    'draw_iv_low', 'draw_iv_mid', 'draw_iv_high', 'draw_z',
] %}
{%- set unmet = ['jockey_horse_sr', 'trainer_horse_sr', 'course_distance_sr', 'wet_sr'] %}
{%- set labels = ['won', 'placed', 'value'] %}
{%- set compared = [] %}
{%- if execute %}
{%- for column in adapter.get_columns_in_relation(ref('training_dataset')) %}
{%- set name = column.name %}
{%- set grows = growing | select('in', name) | list %}
{%- set is_number = column.is_number() or column.dtype | lower == 'boolean' %}
{%- if is_number and not grows and name not in shared + unmet + labels and not name.startswith('bias_') %}
{%- do compared.append([name, column.dtype | lower == 'boolean']) %}
{%- endif %}
{%- endfor %}
{%- endif %}

with newest as (
    select min(as_of_date) as first_date, max(as_of_date) as as_of_date
    from {{ ref('training_dataset') }} as dataset where won is not null
),

-- Of very many races every n-th will do.
chosen as (
    select greatest(cast(floor(count(*) / 10000.0) as bigint), 1) as nth
    from {{ ref('training_dataset') }} as dataset, newest
    where dataset.as_of_date > newest.as_of_date - interval '395 days'
),

sample as (
    select
        dataset.as_of_date > newest.as_of_date - interval '30 days' as is_recent
        {%- for name, is_boolean in compared %},
        cast({{ 'cast(' ~ name ~ ' as integer)' if is_boolean else name }} as double precision) as {{ name }}
        {%- endfor %}
    from {{ ref('training_dataset') }} as dataset, newest, chosen
    where newest.first_date <= newest.as_of_date - interval '395 days' and dataset.as_of_date <= newest.as_of_date
        and dataset.as_of_date > newest.as_of_date - interval '395 days'
        and {{ row_hash(['dataset.race_id']) }} % chosen.nth = 0
),

sizes as (
    select count(*) filter (where is_recent) as recent_rows, count(*) filter (where not is_recent) as earlier_rows
    from sample
),

valued as (
    {%- for name, is_boolean in compared %}
    select '{{ name }}' as feature, is_recent, {{ name }} as value from sample
    {{ 'union all' if not loop.last }}
    {%- else %}
    select '' as feature, is_recent, 0.0 as value from sample
    {%- endfor %}
),

counted as (
    select feature, value,
        count(*) filter (where is_recent) as recent, count(*) filter (where not is_recent) as earlier
    from valued
    group by feature, value
),

accumulated as (
    select
        feature,
        sum(recent) over below as recent_below,
        sum(earlier) over below as earlier_below
    from counted
    window below as (partition by feature order by value nulls first)
)

select
    feature,
    max(abs(cast(recent_below as double precision) / recent_rows - cast(earlier_below as double precision) / earlier_rows)) as ks,
    max(recent_rows) as recent_rows,
    max(earlier_rows) as earlier_rows
from accumulated, sizes
where recent_rows >= 100 and earlier_rows >= 1000
group by feature
having max(abs(cast(recent_below as double precision) / recent_rows - cast(earlier_below as double precision) / earlier_rows)) > {{ var('drift_ks') }}
