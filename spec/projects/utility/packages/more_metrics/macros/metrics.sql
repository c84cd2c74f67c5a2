{#- Measures by group, from names and expressions: `summarize(ref('x'), ['kind'], total='sum(amount)')`. #}
{% macro summarize(relation, by) -%}
select
    {{ by | join(', ') }},
    {{ handy_utils.select_list(**kwargs) }}
from {{ relation }}
{{ handy_utils.group_by(by | length) }}
{%- endmacro %}

{% macro rounded_ratio(numerator, denominator) -%}
round(cast({{ handy_utils.safe_divide(numerator, denominator) }} as decimal(12, 4)), {{ var('decimals') }})
{%- endmacro %}

{#- The week a moment falls into, as the project counts weeks. #}
{% macro week_of(moment) -%}
cast({{ dbt.date_trunc('week', moment) }} as date)
{%- endmacro %}
