{{ config(judges_code=true) }}

-- racing.md §5.3: over all horses rated, Elo sums to 1500 each, to rounding. A horse's rating now is
-- that of its newest row plus what the races of that day changed (K/(n−1)·Σ(s − expected), §2).
-- Only a table built from the first race day on holds all horses.
with newest as (
    select horse_id, max(as_of_date) as as_of_date
    from {{ ref('horse_elo') }} as elo
    group by horse_id
),

field as (
    select
        runs.race_id, runs.horse_id, runs.race_date, runs.starters, elo.elo,
        coalesce(runs.pos_num, 1000) as place
    from {{ ref('runs') }} as runs
    join {{ ref('horse_elo') }} as elo
        on elo.horse_id = runs.horse_id and elo.as_of_date = runs.race_date
    where {{ is_run() }} and runs.starters >= 2
),

changes as (
    select
        mine.horse_id,
        sum((
            case when mine.place = theirs.place then 0.5 when mine.place < theirs.place then 1 else 0 end
            - 1 / (1 + pow(10, (theirs.elo - mine.elo) / 400))
        ) * 28 / (mine.starters - 1)) as change
    from field as mine
    join newest on newest.horse_id = mine.horse_id and newest.as_of_date = mine.race_date
    join field as theirs on theirs.race_id = mine.race_id and theirs.horse_id <> mine.horse_id
    group by mine.horse_id
),

totals as (
    select count(*) as horses, sum(elo.elo + coalesce(changes.change, 0)) as total
    from newest
    join {{ ref('horse_elo') }} as elo
        on elo.horse_id = newest.horse_id and elo.as_of_date = newest.as_of_date
    left join changes on changes.horse_id = newest.horse_id
    where elo.elo_runs > 0 or changes.horse_id is not null
)

select horses, total, total - 1500.0 * horses as surplus
from totals
where abs(total - 1500.0 * horses) > 1e-6 * horses
    and (select min(as_of_date) from {{ ref('horse_elo') }} as built)
        = (select min(race_date) from {{ ref('runs') }} as runs)
