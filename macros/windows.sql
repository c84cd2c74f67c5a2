{# racing.md §1, §7.8: window N holds race dates in [day − N, day): the day itself is out, and
   so are all rows of it, whichever race they belong to. RANGE over the date, never ROWS. #}
{% macro past_days(days) -%}
range between interval '{{ days }} days' preceding and interval '1 day' preceding
{%- endmacro %}

{# racing.md §7.8 "career": every earlier day. #}
{% macro past_career() -%}
range between unbounded preceding and interval '1 day' preceding
{%- endmacro %}

{# The same where each entity has one row a day: then the rows before are the days before, and a
   running total needs no search for its frame. Only over rows grouped by entity and day. #}
{% macro past_career_of_days() -%}
rows between unbounded preceding and 1 preceding
{%- endmacro %}

{# racing.md §7.9: the one order of an entity's runs. #}
{% macro run_order() %}race_date, race_no, race_id{% endmacro %}

{# Left join of the newest row of `relation` dated before `before` with the same `key`.
   The relation needs one row per key and race_date. #}
{% macro join_latest_before(relation, alias, key, key_value, before) -%}
{{ return(adapter.dispatch('join_latest_before')(relation, alias, key, key_value, before)) }}
{%- endmacro %}

{# A row holds until the next one of its key. #}
{% macro default__join_latest_before(relation, alias, key, key_value, before) -%}
left join (
        select *, lead(race_date) over (partition by {{ key }} order by race_date) as replaced_on from {{ relation }}
    ) as {{ alias }}
    on {{ alias }}.{{ key }} = {{ key_value }} and {{ alias }}.race_date < {{ before }}
    and ({{ alias }}.replaced_on is null or {{ alias }}.replaced_on >= {{ before }})
{%- endmacro %}

{% macro duckdb__join_latest_before(relation, alias, key, key_value, before) -%}
asof left join {{ relation }} as {{ alias }}
    on {{ alias }}.{{ key }} = {{ key_value }} and {{ alias }}.race_date < {{ before }}
{%- endmacro %}

{# All columns of the relation a view reads, less some. Where there is no such select, those that the view's YAML names. #}
{% macro all_but(columns) %}{{ return(adapter.dispatch('all_but')(columns)) }}{% endmacro %}
{% macro default__all_but(columns) %}{{ model.columns.keys() | reject('in', columns) | join(', ') if execute else '*' }}{% endmacro %}
{% macro duckdb__all_but(columns) %}* exclude ({{ columns | join(', ') }}){% endmacro %}

{# Equality of several columns of two relations. #}
{% macro same(a, b, columns) -%}
{%- for column in columns %}{{ ' and ' if not loop.first }}{{ a }}.{{ column }} = {{ b }}.{{ column }}{% endfor -%}
{%- endmacro %}

{# Whole days from one date to a later one. #}
{% macro days_between(earlier, later) %}({{ later }} - {{ earlier }}){% endmacro %}

{# racing.md §3 current form: the newest row of each entity of a feature table, which serves the last day
   the entity was on a card. Rows without the entity are left out: NULL joins nothing. #}
{% macro newest_rows(relation, keys) -%}
select dated.*
from {{ relation }} as dated
join (
    select {{ keys | join(', ') }}, max(as_of_date) as as_of_date
    from {{ relation }} as dates
    group by {{ keys | join(', ') }}
) as newest on {{ same('newest', 'dated', keys + ['as_of_date']) }}
{%- endmacro %}

{# Whether a test that judges each date alone looks at this race_date: one of those it is asked for, or any that the table
   `built` has reached. #}
{% macro race_date_is_judged(built) -%}
{%- if as_of is defined -%}
race_date >= {{ as_of.start }} and race_date < {{ as_of.end }}
{%- else -%}
race_date between (select min(as_of_date) from {{ built }} as built) and (select max(as_of_date) from {{ built }} as built)
{%- endif -%}
{%- endmacro %}
