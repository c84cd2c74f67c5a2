{%- set measures = handy_utils.get_column_values(ref('metric_names'), 'metric', order_by='metric') %}
select
    title,
    {% for name in measures -%}
    max(case when metric = '{{ name }}' then length(metric) end) as {{ name }}_length{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('metric_names') }}
{{ handy_utils.group_by(1) }}
