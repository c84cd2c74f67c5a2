{#
  Runs the hooks that belong inside of the transaction, or those that do not. The latter first end
  the transaction that is open.
#}
{% macro run_hooks(hooks, inside_transaction=True) %}
    {% set wanted = hooks | selectattr('transaction', 'equalto', inside_transaction) | list %}
    {% for hook in wanted %}
        {% if loop.first and not inside_transaction %}
            {% call statement(auto_begin=inside_transaction) %}commit;{% endcall %}
        {% endif %}
        {% set text = render(hook.get('sql')) | trim %}
        {% if text %}
            {% call statement(auto_begin=inside_transaction) %}{{ text }}{% endcall %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{# A hook as a config holds it: JSON of its SQL and whether it runs inside of the transaction. #}
{% macro make_hook_config(sql, inside_transaction) -%}
    {{ tojson({'sql': sql, 'transaction': inside_transaction}) }}
{%- endmacro %}

{% macro before_begin(sql) -%}
    {{ make_hook_config(sql, inside_transaction=False) }}
{%- endmacro %}

{% macro in_transaction(sql) -%}
    {{ make_hook_config(sql, inside_transaction=True) }}
{%- endmacro %}

{% macro after_commit(sql) -%}
    {{ make_hook_config(sql, inside_transaction=False) }}
{%- endmacro %}
