{{ config(judges_code=true) }}

-- racing.md §3: each entity of a feature table has one row of current form, of its newest day.
{%- set views = {
    'horse_current_form': ['horse_form', ['horse_id']],
    'trainer_current_form': ['trainer_velocity', ['trainer_id']],
    'jockey_current_form': ['jockey_velocity', ['jockey_id']],
    'trainer_jockey_current_form': ['trainer_jockey_combo', ['trainer_id', 'jockey_id']],
    'jockey_horse_current_form': ['connections', ['jockey_id', 'horse_id']],
} %}
{% for view, (table, keys) in views.items() %}
{{ 'union all' if not loop.first }}
select '{{ view }}' as current_view, newest.as_of_date as expected, current_form.as_of_date as found
from (
    select {{ keys | join(', ') }}, max(as_of_date) as as_of_date
    from {{ ref(table) }} as dated
    where {% for key in keys %}{{ key }} is not null{{ ' and ' if not loop.last }}{% endfor %}
    group by {{ keys | join(', ') }}
) as newest
full join {{ ref(view) }} as current_form on {{ same('current_form', 'newest', keys) }}
where newest.as_of_date is distinct from current_form.as_of_date
{% endfor %}
