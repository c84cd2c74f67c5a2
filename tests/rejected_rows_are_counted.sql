{{ config(severity='warn', fail_calc='coalesce(sum(n), 0)') }}

-- What the contract keeps out of `runs`, by reason; the rows stand in <source>__rejected.
select source_system, rejected, reason, count(*) as n
from {{ ref('staged_runs') }} as staged
where rejected is not null
group by source_system, rejected, reason
