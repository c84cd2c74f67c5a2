{# Staging macros of the exchange's files. #}

{# What the newest change of a list says of its best level, [0, price, size]; NULL where the level did not change. #}
{% macro betfair_best_level(ladder) %}list_filter({{ ladder }}, level -> level[1] = 0)[-1]{% endmacro %}

{# The price or size of a level; nothing is on offer where the size is 0. #}
{% macro betfair_offer(level, item) %}case when {{ level }}[3] > 0 then {{ level }}[{{ item }}] end{% endmacro %}

{# Distance a market's name begins with: 'R4 1100m Hcap' → 1100, '2m4f Hcap Hrd' → 4023; NULL without one. #}
{% macro betfair_distance(market_name) -%}
{%- set word = "split_part(regexp_replace(" ~ market_name ~ ", '^R[0-9]+ ', ''), ' ', 1)" -%}
case
    when regexp_full_match({{ word }}, '[0-9]{3,4}m') then cast(left({{ word }}, -1) as integer)
    else {{ miles_and_furlongs(word) }}
end
{%- endmacro %}

{# Points by the kind of race; NULL for what has no standing of its own. #}
{% macro betfair_class_rating(race_type) -%}
case {{ race_type }} when 'Grp1' then 100 when 'Grp2' then 90 when 'Grp3' then 80 when 'Listed' then 75 end
{%- endmacro %}
