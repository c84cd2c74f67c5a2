{% test has_rows(model, at_least=1) %}
  select found
  from (select count(*) as found from {{ model }}) as counted
  where found < {{ at_least }}
{% endtest %}
