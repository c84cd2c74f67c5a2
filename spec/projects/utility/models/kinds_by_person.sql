select
    person_id,
    {{- handy_utils.pivot('kind', handy_utils.get_column_values(ref('events'), 'kind', order_by='kind'), suffix='_count') }},
    {{- handy_utils.pivot('kind', ['buy', 'view'], agg='max', then_value='amount', else_value='null', prefix='Most ', quote_identifiers=False) }}
from {{ ref('events') }}
{{ handy_utils.group_by(1) }}
