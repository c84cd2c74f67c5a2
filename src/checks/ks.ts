import * as z from 'zod';
import { defineCheck } from './check.ts';
import { countsOf, enough, periodArgs, periodRows } from './periods.ts';

/**
 * The Kolmogorov–Smirnov distance of a column's values between two periods, the greatest difference of their cumulative
 * shares, is no more than `max_distance`. NULLs are left out: `feature_null_rate_stable` looks at them.
 */
export const ks = defineCheck({
  name: 'ks',
  scope: 'column',
  args: z.strictObject({ ...periodArgs, max_distance: z.number().min(0).max(1) }),
  isSeparable: () => false,
  failingRows({ args, ...tested }) {
    const { earlier, recent } = countsOf();
    return {
      query: `with ${periodRows(tested, args)},
counts as (
  select value, ${earlier} as earlier, ${recent} as recent
  from periods
  where value is not null
  group by value
),
cumulated as (
  select
    sum(earlier) over (order by value) as below_earlier,
    sum(recent) over (order by value) as below_recent,
    sum(earlier) over () as n_earlier,
    sum(recent) over () as n_recent
  from counts
),
distance as (
  select max(abs(below_recent / n_recent - below_earlier / n_earlier)) as distance
  from cumulated
  where ${enough(args.min_rows)}
)
select distance from distance where distance > ${args.max_distance}`,
    };
  },
});
