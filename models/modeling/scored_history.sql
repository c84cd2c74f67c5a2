{{ config(
    materialized='score', model=ref('win_model'), version='folds', unique_key=['race_id', 'horse_id'],
    event_time='race_date', keep=['won', 'decision_ts', 'starters'],
    pricing={'odds': 'market_best_price', 'places': 'places_paid'}
) }}

-- Every race with a result as a model foretold it that had not seen its day; NULL before the first such model.
select * from {{ ref('training_dataset') }}
where won is not null
