select distinct cast({{ dbt.date_trunc('month', 'happened_on') }} as date) as month from {{ ref('events') }}
