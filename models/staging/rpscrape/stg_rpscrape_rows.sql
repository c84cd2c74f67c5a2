{{ config(enabled=reads_source('rpscrape')) }}

-- The 37 columns, each read from its notation into its type. A row that stands in two files is one row.
{%- set columns = [
    'date', 'course', 'race_id', 'off', 'race_name', 'type', 'class', 'pattern', 'rating_band', 'age_band',
    'sex_rest', 'dist', 'going', 'ran', 'num', 'pos', 'draw', 'ovr_btn', 'btn', 'horse', 'age', 'sex', 'wgt',
    'hg', 'time', 'sp', 'jockey', 'trainer', 'prize', 'or', 'rpr', 'ts', 'sire', 'dam', 'damsire', 'owner',
    'comment',
] %}
{%- set numbers = {'ran': 'ran', 'num': 'num', 'draw': 'draw', 'age': 'age', '"or"': 'rating', 'rpr': 'rpr', 'ts': 'ts'} %}
{%- set texts = ['type', 'rating_band', 'age_band', 'sex_rest', 'sex', 'hg', 'jockey', 'trainer', 'sire', 'dam', 'damsire', 'owner', 'comment'] %}

with raw as (
    select distinct
        {%- for column in columns %}
        {{ given('"' ~ column ~ '"') }} as "{{ column }}"{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('rpscrape', 'results') }} as results
)

select
    race_id, try_cast("date" as date) as race_date,
    {{ off_time('try_cast("date" as date)', '"off"') }} as off_at,
    regexp_replace(course, '\s*\(AW\)', '') as course,
    case when contains(course, '(AW)') then 'AWT' else 'TURF' end as surface,
    race_name, class, pattern,
    {{ miles_and_furlongs('dist') }} as distance_m,
    upper(going) as going,
    horse, upper(pos) as pos,
    {%- for column, name in numbers.items() %}
    {{ whole_number(column) }} as {{ name }},
    {%- endfor %}
    {%- for name in texts %}
    "{{ name }}",
    {%- endfor %}
    {{ lengths('ovr_btn') }} as lengths_behind_winner,
    {{ lengths('btn') }} as lengths_behind_next,
    {{ stones_and_pounds('wgt') }} as weight_lbs,
    {{ minutes_and_seconds('"time"') }} as finish_time_s,
    {{ fractional_price('sp') }} as odds,
    {{ plain_number('prize') }} as prize_won,
    "date" as date_text, "off" as off_text, dist as dist_text, ovr_btn as ovr_btn_text, btn as btn_text, wgt as wgt_text,
    "time" as time_text, sp as sp_text, prize as prize_text, draw as draw_text, age as age_text, "or" as or_text
from raw
