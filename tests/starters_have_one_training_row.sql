{{ config(as_of='as_of_date') }}

-- racing.md §5.1 for training_dataset: one row per starter on the spine, none for withdrawn runners.
select race_id, horse_id, sum(expected) as expected, sum(found) as found
from (
    select race_id, horse_id, 1 as expected, 0 as found
    from {{ ref('spine') }} as spine
    where is_starter
        and {{ race_date_is_judged(ref('training_dataset')) }}
    union all
    select race_id, horse_id, 0, 1 from {{ ref('training_dataset') }} as dataset
) as both_sides
group by race_id, horse_id
having sum(expected) <> sum(found)
