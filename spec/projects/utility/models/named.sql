{{ config(alias=model.name ~ '_once', tags=[this.identifier, model.unique_id]) }}
-- depends_on: {{ ref('events') }}
{%- set first = dict(run_query('select kind, amount from ' ~ ref('events') ~ ' order by event_id desc limit 1').rows[0]) if execute else {} %}
select
    {%- for name, value in first.items() %}
    {{ dbt.string_literal(dbt.escape_single_quotes(value | string)) }} as last_{{ name }},
    {%- endfor %}
    '{{ first | length }}' as columns_read
