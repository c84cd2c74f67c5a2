{%- set noon = modules.datetime.datetime(2024, 2, 29, 12, 5, 9) -%}
{% call(part) handy_utils.cte_chain(['first_part', 'second_part']) %}
{% if part == 'first_part' -%}
select '{{ handy_utils.slugify('Main Street - 12!') }}' as slug, '{{ handy_utils.pretty_log_format('done', noon) }}' as line
{%- else -%}
select '{{ handy_utils.dates_between('2024-02-27', '2024-03-02', step=2) | join(' ') }}' as days
{%- endif %}
{% endcall %}

select * from first_part cross join second_part
