{% snapshot customer_history %}

{{ config(unique_key='customer_id', strategy='timestamp', updated_at='updated_at') }}

select customer_id, full_name, city, updated_at from {{ ref('stg_customers') }}

{% endsnapshot %}
