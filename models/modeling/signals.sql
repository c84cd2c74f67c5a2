{{ config(
    materialized='score', model=ref('win_model'), unique_key=['as_of_date', 'race_id'],
    event_time='as_of_date', explain=3, keep=['horse_id', 'decision_ts', 'course', 'race_no', 'draw', 'served_row'],
    pricing={
        'odds': 'market_best_price', 'places': 'places_paid', 'commission': 0.02, 'kelly_fraction': 0.25,
        'max_stake': 0.02, 'max_race': 0.03, 'max_day': 0.2,
    }
) }}

-- The races to come, by the champion. Each build replaces a race that is still to be run as a whole: a horse that was
-- withdrawn since leaves no row. The whole row that was scored is kept, to be compared with the one that is learned from.
select card.*, {{ row_as_json('card') }} as served_row
from {{ ref('race_card') }} as card
where as_of_date > (select max(race_date) from {{ ref('runs') }} as runs where has_result)
