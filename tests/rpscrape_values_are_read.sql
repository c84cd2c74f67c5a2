{{ config(enabled=reads_source('rpscrape'), severity='warn') }}

-- Values that are given but not in their column's notation are NULL further on: here they are listed and counted.
{%- set read = {
    'off_text': 'off_at', 'dist_text': 'distance_m', 'ovr_btn_text': 'lengths_behind_winner',
    'btn_text': 'lengths_behind_next', 'wgt_text': 'weight_lbs', 'time_text': 'finish_time_s', 'sp_text': 'odds',
    'prize_text': 'prize_won', 'draw_text': 'draw', 'age_text': 'age', 'or_text': 'rating',
} %}
{% for text, value in read.items() %}
select race_id, horse, '{{ text }}' as what, {{ text }} as said
from {{ ref('stg_rpscrape_rows') }} as result_rows where {{ text }} is not null and {{ value }} is null
{{ 'union all' if not loop.last }}
{% endfor %}
