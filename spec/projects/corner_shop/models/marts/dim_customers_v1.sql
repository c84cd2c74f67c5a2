select customer_id, full_name, city, orders
from {{ ref('dim_customers', v=2) }}
