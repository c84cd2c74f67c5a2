{# Notations of British and Irish results as text, one macro each. Text that is not in the notation gives NULL;
   the test rpscrape_values_are_read counts it. #}

{# Text that says something: trimmed; NULL for nothing and for the dashes printed for nothing. #}
{% macro given(text) -%}
case when trim(cast({{ text }} as varchar)) not in ('', '-', '–', '—') then trim(cast({{ text }} as varchar)) end
{%- endmacro %}

{# '7' → 7; '7.5', '7a' and 20 digits → NULL. #}
{% macro whole_number(text) -%}
case when regexp_full_match({{ text }}, '[0-9]{1,9}') then try_cast({{ text }} as integer) end
{%- endmacro %}

{# Money and figures: '11000', '4,500.50', '£4,500.50' → a number without its sign and commas. #}
{% macro plain_number(text) -%}
case
    when regexp_full_match({{ text }}, '[£€]?[0-9,]+([.][0-9]+)?')
        then try_cast(regexp_replace({{ text }}, '[£€,]', '', 'g') as double precision)
end
{%- endmacro %}

{# '½' → 0.5; '4¾' → 4.75; '4.5' → 4.5; '4' → 4; '' → NULL. The text before was matched by its notation. #}
{% macro with_fraction(text) -%}
case when {{ text }} <> '' then
    coalesce(try_cast(regexp_replace({{ text }}, '[¼½¾]', '') as double precision), 0.0)
    + case right({{ text }}, 1) when '¼' then 0.25 when '½' then 0.5 when '¾' then 0.75 else 0.0 end
end
{%- endmacro %}

{# Weight '9-7' (14 lb to the stone) → 133 lb; '9-14' and '0-0' → NULL. #}
{% macro stones_and_pounds(text) -%}
case when regexp_full_match({{ text }}, '[1-9][0-9]?-([0-9]|1[0-3])') then
    14 * cast(split_part({{ text }}, '-', 1) as integer) + cast(split_part({{ text }}, '-', 2) as integer)
end
{%- endmacro %}

{# Distance '2m4½f', '7f', '3m', '1m110y' → whole metres; '0f' and '4f2m' → NULL. #}
{% macro miles_and_furlongs(text) -%}
{%- set notation = "'([0-9]+m)?(([0-9]*[¼½¾]|[0-9]+([.][0-9]+)?)f)?([0-9]+y(ds?)?)?'" -%}
case when regexp_full_match({{ text }}, {{ notation }}) then
    nullif(cast(round(
        1609.344 * coalesce(cast(nullif(regexp_extract({{ text }}, '([0-9]+)m', 1), '') as double precision), 0.0)
        + 201.168 * coalesce({{ with_fraction("regexp_extract(" ~ text ~ ", '([0-9.]*[¼½¾]?)f', 1)") }}, 0.0)
        + 0.9144 * coalesce(cast(nullif(regexp_extract({{ text }}, '([0-9]+)y', 1), '') as double precision), 0.0)
    ) as integer), 0)
end
{%- endmacro %}

{# Time '1:23.45' or '59.12' → seconds, added as decimals so that 1:23.45 is the double nearest 83.45; '1:60.00' → NULL. #}
{% macro minutes_and_seconds(text) -%}
case
    when regexp_full_match({{ text }}, '[0-9]{1,2}:[0-5]?[0-9]([.][0-9]{1,3})?') then cast(
        60 * cast(split_part({{ text }}, ':', 1) as integer)
        + cast(split_part({{ text }}, ':', 2) as decimal(9, 3)) as double precision)
    when regexp_full_match({{ text }}, '[0-9]{1,3}([.][0-9]{1,3})?') then
        nullif(cast(cast({{ text }} as decimal(9, 3)) as double precision), 0.0)
end
{%- endmacro %}

{# Price '9/2F' → 5.5, 'EvensF' → 2, '100/30J' → 4.33…; F, J and C mark favourites. (n + d)/d is one rounding, 1 + n/d
   two. A price without a chance to win or lose ('0/1', '9/0') → NULL. #}
{% macro fractional_price(text) -%}
{%- set upper = "regexp_extract(" ~ text ~ ", '^([0-9]+)/', 1)" -%}
{%- set lower = "regexp_extract(" ~ text ~ ", '/([0-9]+)', 1)" -%}
case
    when regexp_full_match({{ text }}, '(?i)(evens?|evs)[FJC]?') then 2.0
    when regexp_full_match({{ text }}, '[0-9]{1,6}/[0-9]{1,6}[FJC]?') then
        case when cast({{ upper }} as integer) > 0 and cast({{ lower }} as integer) > 0 then
            cast(cast({{ upper }} as integer) + cast({{ lower }} as integer) as double precision)
            / cast({{ lower }} as integer)
        end
end
{%- endmacro %}

{# Lengths '1¼', '2.5', 'nk' → lengths: nose .05, short head .1, head .2, short neck .25, neck .3, a distance 30; dead heat 0. #}
{% macro lengths(text) -%}
case lower({{ text }})
    {%- for word, value in {'dht': 0.0, 'dh': 0.0, 'nse': 0.05, 'sh': 0.1, 'shd': 0.1, 'hd': 0.2, 'snk': 0.25, 'nk': 0.3, 'dist': 30.0, 'dst': 30.0}.items() %}
    when '{{ word }}' then {{ value }}
    {%- endfor %}
    else case when regexp_full_match({{ text }}, '[0-9]*[¼½¾]|[0-9]+([.][0-9]+)?') then {{ with_fraction(text) }} end
end
{%- endmacro %}

{# Time of the off '14:25' or '2:25' on a date. No race goes off before ten in the morning: smaller hours are afternoon. #}
{% macro off_time(date, text) -%}
case when regexp_matches({{ text }}, '^([01]?[0-9]|2[0-3]):[0-5][0-9]') then
    {{ date }} + to_minutes(cast(
        60 * (cast(split_part({{ text }}, ':', 1) as integer)
            + case when cast(split_part({{ text }}, ':', 1) as integer) < 10 then 12 else 0 end)
        + cast(left(split_part({{ text }}, ':', 2), 2) as integer) as bigint))
end
{%- endmacro %}

{# Points of a British or Irish race: Group or Grade 1 → 100, 2 → 90, 3 → 80, listed 75, Class 1 → 70 … 7 → 10; a maiden
   without a class 25, for two-year-olds 20; else NULL. The same points as the sample's. #}
{% macro class_points(pattern, class, race_name, age_band) -%}
case
    when regexp_matches({{ pattern }}, '^(Group|Grade) [1-3]') then
        110 - 10 * cast(regexp_extract({{ pattern }}, '[1-3]') as integer)
    when starts_with({{ pattern }}, 'Listed') then 75
    when regexp_full_match({{ class }}, 'Class [1-7]') then 80 - 10 * cast(right({{ class }}, 1) as integer)
    when contains(lower({{ race_name }}), 'maiden') then case when {{ age_band }} = '2yo' then 20 else 25 end
end
{%- endmacro %}
