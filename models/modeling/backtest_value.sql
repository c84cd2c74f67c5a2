{{ config(
    materialized='backtest', unique_key=['race_id', 'horse_id'], event_time='race_date', group_column='race_id',
    price='market_best_price', closing_price='final_odds',
    columns={'runner': 'is_starter', 'settled_ts': 'settled_ts'},
    bank=1000, bankroll='compound', staking={'method': 'kelly', 'fraction': 0.25, 'max_stake': 0.02, 'max_day': 0.1},
    commission=0.02, slippage=0.02, rules={'min_edge': 0.05, 'max_per_race': 1, 'daily_stop': 0.05}, seed=7
) }}

-- Bets on value at the best price that stood at the time of decision, settled by the official result. Rows without a
-- price or a time could not have been bet on.
select
    scored.race_id, scored.horse_id, scored.race_date, scored.p_win, scored.market_best_price, scored.decision_ts,
    runs.off_at + interval '15 minutes' as settled_ts,
    runs.pos_num, runs.is_starter, runs.odds as final_odds
from {{ ref('scored_history') }} as scored
join {{ ref('runs') }} as runs on runs.race_id = scored.race_id and runs.horse_id = scored.horse_id
where scored.market_best_price is not null and scored.decision_ts is not null
