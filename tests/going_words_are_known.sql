{{ config(severity='warn', fail_calc='coalesce(sum(n), 0)') }}

-- Going words without a group count as 'unknown': a line of the seed going_group gives them one.
select source_system, surface, going, count(*) as n
from {{ ref('staged_runs') }} as staged
where going is not null and going_group = 'unknown'
group by source_system, surface, going
