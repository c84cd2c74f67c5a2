select
    cast(scanned_at as date) as scanned_on,
    sku,
    cast(count(*) as integer) as scans
from {{ ref('stg_scans') }}
{% if is_incremental() %}
where scanned_at >= (select max(scanned_on) from {{ this }})
{% endif %}
group by 1, 2
