{# Arrays, oldest to newest. Their functions add in the array's order, so a result is the same
   bits wherever a scan started. #}

{% macro item(values, i) %}{{ values }}[{{ i }}]{% endmacro %}
{% macro newest(values, n) %}{{ values }}[-{{ n }}:]{% endmacro %}
{% macro mean(values) %}list_avg({{ values }}){% endmacro %}
{% macro highest(values) %}list_max({{ values }}){% endmacro %}
