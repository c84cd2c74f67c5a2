{# The formulas of `market`. Sums of probabilities arrive as exact fixed-point integers of 1e-15. #}

{# racing.md §7: when the decision falls that a feature serves, by the clock of the course. NULL without a time of the off. #}
{% macro decision_ts(off_at) -%}
{{ off_at }} - interval '{{ var('decision_minutes') }} minutes'
{%- endmacro %}

{# What an input said last: its value at the greatest `at`, of the rows that `where` is true of. #}
{% macro latest(value, at, where=none) %}{{ return(adapter.dispatch('at_extreme')(value, at, 'max', where)) }}{% endmacro %}
{% macro earliest(value, at) %}{{ return(adapter.dispatch('at_extreme')(value, at, 'min', none)) }}{% endmacro %}

{% macro default__at_extreme(value, at, extreme, where) -%}
(array_agg({{ value }} order by {{ at }}{{ ' desc' if extreme == 'max' }}) filter (where {{ where or 'true' }}))[1]
{%- endmacro %}

{% macro duckdb__at_extreme(value, at, extreme, where) -%}
arg_{{ extreme }}_null({{ value }}, {{ at }}){% if where %} filter (where {{ where }}){% endif %}
{%- endmacro %}

{# A decimal price as the probability it stands for, in units of 1e-15: what sums are made of. #}
{% macro price_share(price) %}{{ fixed('1.0 / ' ~ price, 15) }}{% endmacro %}

{# Mean of `n` such probabilities; NULL without any. #}
{% macro mean_share(share_total, n) -%}
{{ from_fixed(share_total, 15) }} / nullif({{ n }}, 0)
{%- endmacro %}

{# How far apart the best and the worst price are that anybody shows: 1/lowest − 1/highest. #}
{% macro price_spread(lowest, highest) %}(1.0 / {{ lowest }} - 1.0 / {{ highest }}){% endmacro %}

{# Minutes and hours from one time to a later one, whole microseconds counted. #}
{% macro minutes_between(earlier, later) %}{{ return(adapter.dispatch('minutes_between')(earlier, later)) }}{% endmacro %}

{% macro default__minutes_between(earlier, later) -%}
(cast(extract(epoch from {{ later }} - {{ earlier }}) as double precision) / 60.0)
{%- endmacro %}

{% macro duckdb__minutes_between(earlier, later) -%}
((extract(epoch from {{ later }}) - extract(epoch from {{ earlier }})) / 60.0)
{%- endmacro %}
{% macro hours_between(earlier, later) %}({{ minutes_between(earlier, later) }} / 60.0){% endmacro %}
