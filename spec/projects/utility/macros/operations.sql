{% macro say_star(name) %}
    {{ handy_utils.log_info(handy_utils.star(ref(name)), now=modules.datetime.datetime(2024, 1, 1)) }}
{% endmacro %}
