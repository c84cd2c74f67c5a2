{# Staging macros of the British and Irish files. #}


{# Course without the mark of its all-weather track, which only the cards have: the surface says it. #}
{% macro uk_course(course) %}regexp_replace({{ course }}, ' \(AW\)$', ''){% endmacro %}

{# The capitals by which results and prices name a course: 'Bangor-on-Dee' → 'BANGORONDEE'. #}
{% macro uk_course_key(course) %}regexp_replace(upper({{ uk_course(course) }}), '[^A-Z]', '', 'g'){% endmacro %}

{# '£12,345' → 12345; NULL without a digit. #}
{% macro uk_amount(text) %}cast(nullif(regexp_replace({{ text }}, '[^0-9]', '', 'g'), '') as double precision){% endmacro %}

{# Day and clock to a timestamp. The clock went wrong around noon: 1:52 and 0:22 stand for 13:52 and 12:22,
   22:30 and 23:55 for 10:30 and 11:55. There is no racing from 22:00 to 9:59. NULL for what is no clock. #}
{% macro uk_off_at(day, clock) -%}
{%- set hour -%}{{ readable("split_part(" ~ clock ~ ", ':', 1)", 'integer') }}{%- endset -%}
cast({{ day }} as timestamp) + to_minutes(
    60 * ({{ hour }} + case when {{ hour }} < 10 then 12 when {{ hour }} >= 22 then -12 else 0 end)
    + {{ readable("split_part(" ~ clock ~ ", ':', 2)", 'integer') }}
)
{%- endmacro %}

{# Points by Group or Grade, Listed, class; NULL for an Irish race that is none of them, which has no class. #}
{% macro uk_class_rating(name, class) -%}
case
    {%- for level, points in [(1, 100), (2, 90), (3, 80)] %}
    when regexp_matches({{ name }}, '(?i)\((group|grade) {{ level }}\)') then {{ points }}
    {%- endfor %}
    when regexp_matches({{ name }}, '(?i)\(listed') then 75
    {%- for level in range(1, 7) %}
    when {{ class }} = 'Class {{ level }}' then {{ 80 - 10 * level }}
    {%- endfor %}
end
{%- endmacro %}
