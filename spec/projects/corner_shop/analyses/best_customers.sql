select full_name, spent
from {{ ref('dim_customers') }}
order by spent desc
limit 3
