import * as z from 'zod';
import { defineCheck } from './check.ts';
import { countsOf, enough, periodArgs, periodRows } from './periods.ts';

/** The share of rows without a value differs between two periods by no more than `max_difference`. */
export const featureNullRateStable = defineCheck({
  name: 'feature_null_rate_stable',
  scope: 'column',
  args: z.strictObject({ ...periodArgs, max_difference: z.number().min(0).max(1) }),
  isSeparable: () => false,
  failingRows({ args, ...tested }) {
    const all = countsOf();
    const empty = countsOf('value is null');
    return {
      query: `with ${periodRows(tested, args)},
counts as (
  select
    ${all.earlier} as n_earlier,
    ${all.recent} as n_recent,
    ${empty.earlier} as nulls_earlier,
    ${empty.recent} as nulls_recent
  from periods
),
rates as (
  select nulls_earlier / n_earlier as earlier, nulls_recent / n_recent as recent
  from counts
  where ${enough(args.min_rows)}
)
select earlier, recent from rates where abs(recent - earlier) > ${args.max_difference}`,
    };
  },
});
