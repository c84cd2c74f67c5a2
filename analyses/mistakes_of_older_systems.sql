-- What mistakes of the older systems do to a column, on the racing at hand: the share of rows that change, and how
-- well the right and the wrong column tell winners. docs/guides/from-older-systems.md has it for Hong Kong.
--   velo show --select mistakes_of_older_systems --limit -1
{%- set windows = {
    'sr_with_the_day': "interval '14 days' preceding and current row",
    'sr_15_days': "interval '15 days' preceding and interval '1 day' preceding",
} %}
{#- The mistake, the column right and the column wrong. #}
{%- set mistakes = [
    ['the window includes the race day', 'trainer_sr_14d', 'sr_with_the_day'],
    ['14 days that were 15', 'trainer_sr_14d', 'sr_15_days'],
    ['90 days cut at 14 by a WHERE', 'trainer_sr_90d', 'trainer_sr_14d'],
    ['yesterday’s rows joined to today', 'trainer_sr_90d', 'sr_of_yesterday'],
    ['the newest snapshot joined to every row', 'trainer_sr_365d', 'sr_of_snapshot'],
    ['entities idle in the window missing', 'trainer_sr_14d', 'sr_unless_idle'],
    ['pulled up counts as position 0', 'last5_avg_pos', 'avg_pos_with_0'],
    ['only finishers count as the field', 'field_size', 'finishers'],
    ['sections only where today’s race has them', 'early_pos_share_avg', 'early_share_if_sections'],
    ['Elo 1200 for horses without a race', 'elo', 'elo_from_1200'],
    ['class drop with its sign inverted', 'class_drop', 'class_change'],
] %}

with days as (
    select trainer_id, race_date, count(*) as runs, sum(won) as wins, sum(e0) as e0
    from {{ ref('runs') }} as runs
    where {{ is_run() }} and trainer_id is not null
    group by trainer_id, race_date
),

wrong_windows as (
    select trainer_id, race_date
        {%- for name in windows %},
        (sum(wins) over {{ name }} + 10.0 * sum(e0) over {{ name }} / sum(runs) over {{ name }})
            / (sum(runs) over {{ name }} + 10.0) as {{ name }}
        {%- endfor %}
    from days
    window
        {%- for name, frame in windows.items() %}
        {{ name }} as (partition by trainer_id order by race_date range between {{ frame }}){{ ',' if not loop.last }}
        {%- endfor %}
),

horses as (
    select race_id, horse_id, early_pos, count(pos_num) over (partition by race_id) as finishers,
        avg(coalesce(pos_num, 0)) over (
            partition by horse_id order by {{ run_order() }} rows between 5 preceding and 1 preceding
        ) as avg_pos_with_0
    from {{ ref('runs') }} as runs
    where {{ is_run() }}
),

compared as (
    select
        dataset.race_id, dataset.won, dataset.trainer_sr_14d, dataset.trainer_sr_90d, dataset.trainer_sr_365d,
        dataset.last5_avg_pos, dataset.field_size, dataset.early_pos_share_avg, dataset.elo, dataset.class_change,
        -dataset.class_change as class_drop,
        wrong_windows.sr_with_the_day,
        coalesce(wrong_windows.sr_15_days, dataset.trainer_sr_14d) as sr_15_days,
        yesterday.sr_90d as sr_of_yesterday,
        snapshot.sr_365d as sr_of_snapshot,
        case when dataset.trainer_runs_14d > 0 then dataset.trainer_sr_14d end as sr_unless_idle,
        horses.avg_pos_with_0, horses.finishers,
        case when horses.early_pos is not null then dataset.early_pos_share_avg end as early_share_if_sections,
        case when dataset.elo_runs = 0 then 1200 else dataset.elo end as elo_from_1200
    from {{ ref('training_dataset') }} as dataset
    join horses on horses.race_id = dataset.race_id and horses.horse_id = dataset.horse_id
    left join wrong_windows
        on wrong_windows.trainer_id = dataset.trainer_id and wrong_windows.race_date = dataset.race_date
    left join {{ ref('trainer_velocity') }} as yesterday
        on yesterday.trainer_id = dataset.trainer_id and yesterday.as_of_date = dataset.race_date - interval '1 day'
    left join {{ ref('trainer_current_form') }} as snapshot on snapshot.trainer_id = dataset.trainer_id
),

-- A race says of a column how many of the others its winner is above, ties half: 0.5 tells nothing.
{%- for mistake, right, wrong in mistakes %}
of_races_{{ loop.index }} as (
    select
        sum(changed) as changed, count(*) as runners
        {%- for name in ['right', 'wrong'] %},
        case when count({{ name }}_best) > 0 and count(case when won = 0 then {{ name }}_value end) > 0 and sum(won) = 1 then
            sum(case when won = 1 then 0.0 when {{ name }}_value < {{ name }}_best then 1.0 when {{ name }}_value = {{ name }}_best then 0.5 else 0.0 end)
            / count(case when won = 0 then {{ name }}_value end)
        end as {{ name }}_auc
        {%- endfor %}
    from (
        select
            race_id, won,
            case when {{ comparable(right) }} is distinct from {{ comparable(wrong) }} then 1 else 0 end as changed
            {%- for name, column in {'right': right, 'wrong': wrong}.items() %},
            {{ comparable(column) }} as {{ name }}_value,
            max(case when won = 1 then {{ comparable(column) }} end) over (partition by race_id) as {{ name }}_best
            {%- endfor %}
        from compared
    ) as runners
    group by race_id
){{ ',' if not loop.last }}
{%- endfor %}

{% for mistake, right, wrong in mistakes %}
{{ 'union all' if not loop.first }}
select '{{ mistake }}' as mistake, '{{ right }}' as column_name,
    round(100.0 * sum(changed) / sum(runners), 1) as changed_percent,
    round(avg(right_auc), 3) as auc_right, round(avg(wrong_auc), 3) as auc_wrong
from of_races_{{ loop.index }}
{% endfor %}
