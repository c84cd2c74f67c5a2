{# The rules of racing.md that turn a declared runner into the canonical row of `runs`.
   Each rule is written here once and shared by every source system. #}

{# racing.md §7.1: only a starter of a race with a result is a run and enters any history. #}
{% macro is_run() %}(is_starter and has_result){% endmacro %}

{# racing-mapping.md `distance_band`: limits are inclusive below (1200 m is 'mile'). #}
{% macro distance_band(distance_m) -%}
case
    when {{ distance_m }} < 1200 then 'sprint'
    when {{ distance_m }} < 1600 then 'mile'
    when {{ distance_m }} < 2000 then 'middle'
    when {{ distance_m }} is not null then 'staying'
    else 'unknown'
end
{%- endmacro %}

{# racing.md §7.25: thirds by integers, so that no division can decide a limit. #}
{% macro stall_third(draw, starters) -%}
case
    when {{ draw }} is null then null
    when 3 * {{ draw }} <= {{ starters }} then 'low'
    when 3 * {{ draw }} <= 2 * {{ starters }} then 'mid'
    else 'high'
end
{%- endmacro %}

{# racing.md §1 `placed`: places of the each-way terms, by starters (§7.35). #}
{% macro places_paid(starters, is_handicap) -%}
case
    when {{ starters }} <= 4 then 1
    when {{ starters }} <= 7 then 2
    when {{ is_handicap }} and {{ starters }} >= 16 then 4
    else 3
end
{%- endmacro %}

{# racing.md §1 `placed`: share of the odds paid for a place; NULL when there is no place part. #}
{% macro place_fraction(starters, is_handicap) -%}
case
    when {{ starters }} <= 4 then null
    when {{ starters }} <= 7 then 0.25
    when {{ is_handicap }} and {{ starters }} >= 12 then 0.25
    else 0.2
end
{%- endmacro %}

{# racing.md §1 `finish_pct`: 1 − (pos_num − 1)/(starters − 1), 0 without a position, NULL alone. #}
{% macro finish_pct(pos_num, starters) -%}
case
    when {{ starters }} = 1 then null
    when {{ pos_num }} is null then 0.0
    else 1.0 - ({{ real(pos_num) }} - 1.0) / ({{ real(starters) }} - 1.0)
end
{%- endmacro %}

{# racing.md §2 de-vigged market probability: q = (1/O)/Σ(1/O) over all starters.
   `book` is the race's exact Σ fixed(1/O, 15); NULL unless every starter is priced. #}
{% macro devig(odds, book) -%}
least((1.0 / {{ odds }}) / {{ from_fixed(book, 15) }}, case when {{ book }} is not null then 1.0 end)
{%- endmacro %}

{# racing.md §7.28: z of a section's time against its race, population σ, from exact integer sums
   (n·t − Σt)/√(n·Σt² − (Σt)²); NULL with fewer than two times or no spread. #}
{% macro section_z(time_us, n, total, total_sq) -%}
case
    when {{ n }} >= 2 and {{ n }} * {{ total_sq }} > {{ total }} * {{ total }}
        then cast({{ n }} * {{ time_us }} - {{ total }} as double precision)
            / sqrt(cast({{ n }} * {{ total_sq }} - {{ total }} * {{ total }} as double precision))
end
{%- endmacro %}
