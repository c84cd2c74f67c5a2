{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='as_of_date', grain='day', begin=var('begin'),
    unique_key=['horse_id', 'as_of_date']
) }}

-- Each of a horse's three sequences (all runs, runs with a finish_pct, runs with a speed figure)
-- is summed up after every run; a card takes the newest state of an earlier day.
{%- set order = 'partition by horse_id order by ' ~ run_order() %}

with probes as (
    select distinct horse_id, race_date as as_of_date
    from {{ ref('spine', history='0 days') }} as spine
),

past as (
    select horse_id, race_id, race_date, race_no, won, placed, pos_num, finish_pct
    from {{ ref('runs') }} as runs
    where {{ is_run() }} and horse_id in (select horse_id from probes)
),

runs_so_far as (
    select
        horse_id, race_date,
        row_number() over career as career_runs,
        sum(won) over career as career_wins,
        sum(placed) over career as career_places,
        array_agg(won) over last_5 as won,
        array_agg(placed) over last_5 as placed,
        sum(pos_num) over last_5 as pos_sum,
        count(pos_num) over last_5 as pos_count,
        array_agg(finish_pct) over last_5 as finish_pct,
        lead(race_date) over ({{ order }}) as next_date
    from past
    window
        career as ({{ order }} rows between unbounded preceding and current row),
        last_5 as ({{ order }} rows between 4 preceding and current row)
),

finishes_so_far as (
    select
        horse_id, race_date,
        array_agg(finish_pct) over ({{ order }} rows between 59 preceding and current row) as finish_pct,
        lead(race_date) over ({{ order }}) as next_date
    from past
    where finish_pct is not null
),

figures_so_far as (
    select
        horse_id, race_date,
        row_number() over ({{ order }}) as speed_runs,
        array_agg(speed_figure) over ({{ order }} rows between 5 preceding and current row) as figures,
        lead(race_date) over ({{ order }}) as next_date
    from {{ ref('speed_figures') }} as speed_figures
    where speed_figure is not null and horse_id in (select horse_id from probes)
),

-- The state after the day's last run: one row per horse and day.
{%- for sequence in ['runs', 'finishes', 'figures'] %}
{{ sequence }}_by_day as (
    select * from {{ sequence }}_so_far where next_date is null or next_date > race_date
),
{%- endfor %}

states as (
    select
        probes.horse_id, probes.as_of_date,
        runs_by_day.career_runs, runs_by_day.career_wins, runs_by_day.career_places,
        runs_by_day.won, runs_by_day.placed, runs_by_day.pos_sum, runs_by_day.pos_count,
        runs_by_day.finish_pct as last5_finish_pct,
        {{ days_between('runs_by_day.race_date', 'probes.as_of_date') }} as last_run_days,
        runs_by_day.career_runs - coalesce(before_90d.career_runs, 0) as runs_last_90d,
        finishes_by_day.finish_pct,
        {{ newest('finishes_by_day.finish_pct', 6) }} as finish_pct6,
        figures_by_day.speed_runs, figures_by_day.figures
    from probes
    {{ join_latest_before('runs_by_day', 'runs_by_day', 'horse_id', 'probes.horse_id', 'probes.as_of_date') }}
    {{ join_latest_before('runs_by_day', 'before_90d', 'horse_id', 'probes.horse_id', "probes.as_of_date - interval '90 days'") }}
    {{ join_latest_before('finishes_by_day', 'finishes_by_day', 'horse_id', 'probes.horse_id', 'probes.as_of_date') }}
    {{ join_latest_before('figures_by_day', 'figures_by_day', 'horse_id', 'probes.horse_id', 'probes.as_of_date') }}
)

select
    horse_id, as_of_date,
    {{ ewma('finish_pct') }} as form_ewma,
    {{ slope('finish_pct6') }} as form_slope,
    {{ variance('finish_pct6') }} as form_var,
    coalesce(speed_runs, 0) as speed_runs,
    {{ item('figures', size('figures')) }} as speed_last,
    {{ mean('figures') }} as speed_avg6,
    {{ highest('figures') }} as speed_best6,
    {{ slope('figures') }} as speed_trend,
    cast(last_run_days as bigint) as last_run_days,
    coalesce(runs_last_90d, 0) as runs_last_90d,
    coalesce(career_runs, 0) as career_runs,
    cast(coalesce(career_wins, 0) as bigint) as career_wins,
    cast(coalesce(career_places, 0) as bigint) as career_places,
    cast(coalesce({{ size('won') }}, 0) as bigint) as last5_runs,
    cast(coalesce({{ sum_of('won') }}, 0) as bigint) as last5_wins,
    cast(coalesce({{ sum_of('placed') }}, 0) as bigint) as last5_places,
    {{ sum_of('won') }} / cast({{ size('won') }} as double precision) as last5_win_rate,
    {{ sum_of('placed') }} / cast({{ size('placed') }} as double precision) as last5_place_rate,
    pos_sum / cast(nullif(pos_count, 0) as double precision) as last5_avg_pos,
    {{ mean('last5_finish_pct') }} as last5_avg_finish_pct,
    {{ highest('last5_finish_pct') }} as last5_best_finish_pct,
    {{ form_momentum('placed') }} as form_momentum,
    {{ form_recency('last_run_days') }} as form_recency
from states
