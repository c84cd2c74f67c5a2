{#- A column for each value. `then_value` is aggregated where the column has the value. #}
{% macro pivot(column, values, alias=True, agg='sum', cmp='=', prefix='', suffix='', then_value=1, else_value=0, quote_identifiers=True, distinct=False) %}
    {{ return(adapter.dispatch('pivot', 'handy_utils')(column, values, alias, agg, cmp, prefix, suffix, then_value, else_value, quote_identifiers, distinct)) }}
{% endmacro %}

{% macro default__pivot(column, values, alias, agg, cmp, prefix, suffix, then_value, else_value, quote_identifiers, distinct) %}
    {%- for value in values %}
    {{ agg }}({{ 'distinct ' if distinct }}case when {{ column }} {{ cmp }} '{{ dbt.escape_single_quotes(value) }}' then {{ then_value }} else {{ else_value }} end)
        {%- if alias %}
            {%- set name = prefix ~ value ~ suffix %}
            {{- ' as ' ~ (adapter.quote(name) if quote_identifiers else handy_utils.slugify(name)) }}
        {%- endif %}
        {{- ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
