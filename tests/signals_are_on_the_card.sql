{{ config(severity='warn', enabled=var('train_models')) }}

-- Each signal of a race still to be run is of a starter on the card. A warning: a race that was taken off the card after it
-- was scored keeps its rows.
select signals.as_of_date, signals.race_id, signals.horse_id
from {{ ref('signals') }} as signals
left join {{ ref('race_card') }} as race_card
    on race_card.as_of_date = signals.as_of_date and race_card.race_id = signals.race_id
    and race_card.horse_id = signals.horse_id
where race_card.horse_id is null
    and signals.as_of_date > (select max(race_date) from {{ ref('runs') }} as runs where has_result)
