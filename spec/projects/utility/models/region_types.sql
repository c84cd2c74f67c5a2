select distinct typeof(_source_relation) as source_type, typeof(sales) as sales_type, typeof(manager) as manager_type
from {{ ref('regions') }}
