{# As dbt's, but without `commit;`: DuckDB refuses it when no transaction is open. #}
{% macro run_hooks(hooks, inside_transaction=True) %}
    {% for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) %}
        {% set text = render(hook.get('sql')) | trim %}
        {% if text %}
            {% call statement(auto_begin=inside_transaction) %}{{ text }}{% endcall %}
        {% endif %}
    {% endfor %}
{% endmacro %}
