select * from {{ ref('summary') }} join {{ ref('other') }} on most < n
