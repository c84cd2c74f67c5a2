with customers as (

    select * from {{ ref('raw_customers') }}

)

select
    id as customer_id,
    first_name || ' ' || last_name as full_name,
    city,
    joined_on,
    updated_at
from customers
