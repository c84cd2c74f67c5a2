{# The shared formulas of racing.md §2. Sums of e0 and market_e arrive as exact fixed-point
   integers (macros/numbers.sql). #}

{# racing.md §2 strike rate, shrunk: (w + m·p0)/(n + m), p0 = Σe0/n; without runs p0 is the mean
   e0 of all runs in 365 days (§7.15) and the rate equals it. #}
{% macro shrunk_rate(wins, runs, e0_sum, no_runs_p0, m=10) -%}
case
    when {{ runs }} > 0
        then ({{ wins }} + {{ m }}.0 * {{ from_fixed(e0_sum) }} / {{ runs }}) / ({{ runs }} + {{ m }}.0)
    else {{ no_runs_p0 }}
end
{%- endmacro %}

{# racing.md §2 A/E: Σwon/Σe over runs with a complete book (§7.17); NULL without any. #}
{% macro actual_over_expected(wins, expected_sum) -%}
{{ wins }} / nullif({{ from_fixed(expected_sum, 15) }}, 0)
{%- endmacro %}

{# racing.md §2 impact value: (Σactual + 20)/(Σexpected + 20); 1 without runs (§7.18). #}
{% macro impact_value(actual, expected_sum, m=20) -%}
({{ actual }} + {{ m }}.0) / ({{ from_fixed(expected_sum) }} + {{ m }}.0)
{%- endmacro %}

{# racing.md §2: z = (Σwon − Σe0)/√Σe0(1−e0); NULL without runs or variance (§7.18). #}
{% macro z_score(wins, e0_sum, variance_sum) -%}
({{ wins }} - {{ from_fixed(e0_sum) }}) / sqrt(nullif({{ from_fixed(variance_sum) }}, 0))
{%- endmacro %}

{# racing.md §2: persistent when |z| > 1.5; false, never NULL (§7.13). #}
{% macro is_persistent(z) -%}
coalesce({{ comparable('abs(' ~ z ~ ')') }} > 1.5, false)
{%- endmacro %}

{# racing.md §2 EWMA: S = f + 0.6·S_prev, W = 1 + 0.6·W_prev, S/W, of an array oldest to newest.
   The array is cut at 60 values: what is older weighs less than 0.6^60 = 5e-14.
   Rounding must not take a mean of shares above 1. #}
{% macro ewma(values) -%}
case when {{ values }} is not null then least(
    {{ decayed_sum(values, 0.6, 60) }}
        / ((1.0 - pow({{ real('0.6') }}, {{ size(values) }})) / 0.4),
    1.0
) end
{%- endmacro %}

{# racing.md §2 form slope: least squares of an array (oldest to newest, at most 6 values) on
   1..n, n ≥ 3. Σ(2i − n − 1)·y / (n(n² − 1)/6). #}
{% macro slope(values) -%}
case {{ size(values) }}
{%- for n in range(3, 7) %}
    when {{ n }} then (
        {%- for i in range(1, n + 1) %}{{ ' + ' if not loop.first }}({{ 2 * i - n - 1 }}) * {{ values }}[{{ i }}]{% endfor -%}
    ) / {{ n * (n * n - 1) // 6 }}.0
{%- endfor %}
end
{%- endmacro %}

{# racing.md §2 form variance: population variance of an array, n ≥ 2 (§7.20). #}
{% macro variance(values) -%}
case when {{ size(values) }} >= 2 then {{ population_variance(values) }} end
{%- endmacro %}

{# racing.md §7.21 form momentum: Σw·placed/Σw, w = 5,4,3,2,1 from the newest of at most five runs
   (array oldest to newest) backwards, over the runs present. #}
{% macro form_momentum(placed) -%}
(
    {%- for back in range(5) %}{{ ' + ' if not loop.first }}case when {{ size(placed) }} > {{ back }} then {{ 5 - back }} * {{ item(placed, size(placed) ~ ' - ' ~ back) }} else 0 end{% endfor -%}
) / nullif({{ size(placed) }} * (11 - {{ size(placed) }}) / {{ real('2.0') }}, 0)
{%- endmacro %}

{# racing.md §7.21 form recency by days since the last run. #}
{% macro form_recency(days) -%}
cast(case
    when {{ days }} is null then 0.5
    when {{ days }} <= 14 then 1.0
    when {{ days }} <= 28 then 0.9
    when {{ days }} <= 42 then 0.8
    when {{ days }} <= 60 then 0.6
    when {{ days }} <= 90 then 0.4
    else 0.2
end as double precision)
{%- endmacro %}

{# racing.md §3 running style by the mean early position / starters, limits inclusive (§7.29). #}
{% macro running_style(share) -%}
case
    when {{ share }} is null then 'unknown'
    when {{ comparable(share) }} <= 0.20 then 'leader'
    when {{ comparable(share) }} <= 0.35 then 'on_pace'
    when {{ comparable(share) }} <= 0.55 then 'midfield'
    when {{ comparable(share) }} <= 0.75 then 'off_pace'
    else 'closer'
end
{%- endmacro %}

{# racing.md §7.32: place within the race of the rows with a value, 0 lowest … 1 highest, 0 alone. #}
{% macro field_percentile(x) -%}
case when {{ x }} is not null then percent_rank() over (
    partition by race_date, race_id, {{ x }} is null order by {{ comparable(x) }}
) end
{%- endmacro %}

{# racing.md §7.32: value − mean of the race's rows with a value. #}
{% macro field_difference(x) -%}
{{ x }} - {{ from_fixed('sum(' ~ fixed(x) ~ ') over (partition by race_date, race_id)') }}
    / nullif(count({{ x }}) over (partition by race_date, race_id), 0)
{%- endmacro %}

{# racing.md §3 speed figure: 100 − 10·(time − μ)/σ of at least 10 winners' times, σ > 0, from
   exact sums of microseconds: (time − μ)/σ = (n·t − Σt)/√(n·Σt² − (Σt)²). #}
{% macro speed_figure(time_us, n, total, total_sq, at_least=10) -%}
case
    when {{ n }} >= {{ at_least }} and {{ n }} * {{ total_sq }} > {{ total }} * {{ total }}
        then 100.0 - 10.0 * cast({{ n }} * {{ time_us }} - {{ total }} as double precision)
            / sqrt(cast({{ n }} * {{ total_sq }} - {{ total }} * {{ total }} as double precision))
end
{%- endmacro %}

{# Specialist: at least two wins under a condition, and a shrunk rate there above that of the career. #}
{% macro is_specialist(wins, rate_difference) -%}
coalesce({{ wins }} >= 2 and {{ comparable(rate_difference) }} > 0, false)
{%- endmacro %}
