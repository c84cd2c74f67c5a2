{{ config(
    enabled=(has_prices() and var('train_models')),
    materialized='train', registered_name='win_probability_market',
    estimator='lightgbm', objective='binary', target='won',
    event_time='race_date', group_column='race_id', unique_key=['race_id', 'horse_id'],
    price='final_odds', normalise_within='race_id',
    features={'exclude': not_features()}, categorical=categorical_features(),
    split={'strategy': 'walk_forward', 'folds': 4, 'validation': var('validation_period'), 'test': var('test_period')},
    params={
        'learning_rate': 0.03, 'num_leaves': 7, 'min_data_in_leaf': 60, 'feature_fraction': 0.4,
        'bagging_fraction': 0.8, 'bagging_freq': 1, 'lambda_l2': 10,
    },
    rounds=1500, early_stopping=100, calibration='auto', seed=7, retrain_after='30 days',
    gate={'log_loss - prior.log_loss': {'upper': '< 0'}}
) }}

-- The same with what the market thought at the time of decision: for sources that have prices of before the race.
{{ training_rows() }}
