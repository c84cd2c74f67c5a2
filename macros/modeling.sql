{# What the win models share: which columns of training_dataset they learn from, and how they are judged. #}

{# What the market thought: features only of the model that may see prices. #}
{% macro market_features() %}
{{ return([
    'market_best_price', 'market_implied_prob', 'market_devig_prob', 'market_price_rank', 'market_is_favourite',
    'market_open_prob', 'market_move', 'market_velocity_per_hour', 'market_last_hour_move', 'market_spread',
    'market_volume', 'market_books', 'market_snapshots', 'market_price_age_minutes',
]) }}
{% endmacro %}

{# Names and the other labels: no model may learn who won by heart. #}
{% macro not_features() %}
{{ return(['as_of_date', 'decision_ts', 'jockey_id', 'trainer_id', 'going', 'draw_optimal_range', 'placed', 'value']) }}
{% endmacro %}

{% macro categorical_features() %}
{{ return(['course', 'distance_band', 'surface', 'going_group', 'stall_third', 'running_style']) }}
{% endmacro %}

{# Starters of races with a result; the final price is known afterwards, it is only compared with. #}
{% macro training_rows() %}
select dataset.*, runs.odds as final_odds
from {{ ref('training_dataset') }} as dataset
join {{ ref('runs') }} as runs on runs.race_id = dataset.race_id and runs.horse_id = dataset.horse_id
where dataset.won is not null
{% endmacro %}
