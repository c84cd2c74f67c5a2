{#- Text for identifiers and logs, made without a database. #}

{% macro slugify(string) %}
    {{ return(adapter.dispatch('slugify', 'handy_utils')(string)) }}
{% endmacro %}

{% macro default__slugify(string) %}
    {%- if not string -%}{{ return('') }}{%- endif -%}
    {%- set slug = modules.re.sub('[ -]+', '_', string | lower) -%}
    {%- set slug = modules.re.sub('[^a-z0-9_]+', '', slug) -%}
    {#- A name cannot begin with a digit. -#}
    {{ return(modules.re.sub('^(?=[0-9])', '_', slug)) }}
{% endmacro %}

{% macro pretty_time(format='%H:%M:%S', now=none) %}
    {{ return((now or modules.datetime.datetime.now()).strftime(format)) }}
{% endmacro %}

{% macro pretty_log_format(message, now=none) %}
    {{ return(adapter.dispatch('pretty_log_format', 'handy_utils')(message, now)) }}
{% endmacro %}

{% macro default__pretty_log_format(message, now) %}
    {{ return(pretty_time(now=now) ~ ' + ' ~ message) }}
{% endmacro %}

{% macro log_info(message) %}
    {{ log(handy_utils.pretty_log_format(message, **kwargs), info=True) }}
{% endmacro %}

{#- Names and expressions as a select list: `{{ select_list(total='sum(amount)') }}`. #}
{% macro select_list() -%}
    {%- for name, expression in kwargs.items() -%}
        {{ expression }} as {{ name }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- `{% call(name) cte_chain(['a', 'b']) %}…{% endcall %}`: one CTE for each name, its body from the caller. #}
{% macro cte_chain(names) -%}
with
{%- for name in names %}
{{ name }} as (
    {{ caller(name) | trim | indent(4) }}
){{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{#- The days between two ISO dates, both included, as texts; every `step`th of them. #}
{% macro dates_between(first, last, step=1, depth=0) %}
    {%- set format = '%Y-%m-%d' -%}
    {%- set start = modules.datetime.datetime.strptime(first, format) -%}
    {%- set end = modules.datetime.datetime.strptime(last, format) -%}
    {%- if start > end -%}{{ return([]) }}{%- endif -%}
    {%- set next = (start + modules.datetime.timedelta(days=step)).strftime(format) -%}
    {{ return([first] + dates_between(next, last, step, depth + 1)) }}
{% endmacro %}
