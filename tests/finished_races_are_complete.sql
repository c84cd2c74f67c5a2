-- racing.md §5.2: a race with a result has a winner, its starters are its starter rows, and where
-- every starter is priced the book over all of them is at least 1, or the source's min_book (a walkover has no market).
select race_id, starters, starter_rows, winner_rows, book
from (
    select
        race_id,
        max(starters) as starters,
        count(*) filter (where is_starter) as starter_rows,
        count(*) filter (where won = 1) as winner_rows,
        case when count(odds) = count(*) filter (where is_starter) then sum(1.0 / odds) end as book
    from {{ ref('runs') }} as runs
    where has_result
    group by race_id
) as races
where winner_rows = 0 or starters <> starter_rows or (starters > 1 and {{ comparable('book') }} < {{ var('min_book').get(var('source'), 1) }})
