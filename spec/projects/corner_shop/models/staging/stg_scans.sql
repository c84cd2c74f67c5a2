select scan_id, shop_no, sku, scanned_at
from {{ source('till', 'scans') }}
