{# Rows of one group, such as a race, whose column does not add up to something between the two values. A group without
   any value is left out. #}
{% test sums_between(model, column_name, group, min_value, max_value) %}
select {{ group }}, sum({{ column_name }}) as total
from {{ model }} as tested
where {{ group }} is not null and {{ column_name }} is not null
group by {{ group }}
having sum({{ column_name }}) < {{ min_value }} or sum({{ column_name }}) > {{ max_value }}
{% endtest %}
