{{ config(enabled=reads_source('hk')) }}

-- racing-mapping.md: a Hong Kong code in place of a position that the seed hk_status does not know must fail the build. Taken
-- for anything else it would change who started.
select race_id, horse_id, pos_raw
from {{ ref('stg_hk_runs') }} as staged
where status = 'unknown'
