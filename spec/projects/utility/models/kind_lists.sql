{%- set all_kinds = handy_utils.get_column_values(table=ref('events'), column='kind', order_by='count(*) desc, kind') -%}
{%- set two = handy_utils.get_column_values(ref('events'), 'kind', order_by='min(event_id) desc', max_records=2) -%}
{%- set paid = handy_utils.get_column_values(ref('events'), 'kind', order_by='1', where='amount > 10') -%}
{%- set nowhere = api.Relation.create(database=target.database, schema='raw', identifier='not_there') -%}
{%- set at_first = handy_utils.get_column_values(nowhere, 'kind', default=var('kinds_at_first')) -%}
{%- set sums = handy_utils.get_query_results_as_dict('select kind as Kind, sum(amount) as total from ' ~ ref('events') ~ ' group by 1 order by 1') -%}
select
    {{ dbt.string_literal(dbt.escape_single_quotes(all_kinds | join('|'))) }} as all_kinds,
    {{ dbt.string_literal(dbt.escape_single_quotes(two | join('|'))) }} as two_last,
    '{{ paid | join('|') }}' as paid,
    '{{ at_first | join('|') }}' as at_first,
    '{{ sums.get('total', []) | join('|') }}' as sums,
    {{ handy_utils.get_single_value('select max(items) from ' ~ ref('events'), default=0) }} as most_items,
    {{ handy_utils.get_single_value('select 1 where false', default=-1) }} as none_found
