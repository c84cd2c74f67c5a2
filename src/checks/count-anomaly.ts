import * as z from 'zod';
import { defineCheck } from './check.ts';

const GRAINS = ['hour', 'day', 'week', 'month'] as const;

/**
 * The number of rows in each of the last `periods` (days, unless `grain` says otherwise) is not too far from what is
 * usual: the mean of the `window` periods before it, give or take `max_deviations` standard deviations. A deviation is
 * at least √mean, what counts of independent rows vary by. A period needs `min_periods` before it to be judged, and
 * those without a row are not counted: `recency` finds what does not come at all.
 */
export const countAnomaly = defineCheck({
  name: 'count_anomaly',
  scope: 'model',
  args: z.strictObject({
    date_column: z.string(),
    grain: z.enum(GRAINS).default('day'),
    periods: z.int().positive().default(1),
    window: z.int().min(2).default(28),
    min_periods: z.int().min(2).default(7),
    max_deviations: z.number().positive().default(3),
  }),
  isSeparable: () => false,
  failingRows({ dialect, relation, args }) {
    const time = `tested.${dialect.quote(args.date_column)}`;
    const before = `over (order by period rows between ${args.window} preceding and 1 preceding)`;
    return {
      query: `with counts as (
  select
    date_trunc('${args.grain}', cast(${time} as timestamp)) as period,
    cast(count(*) as double precision) as row_count
  from ${relation} as tested
  where ${time} is not null
  group by 1
),
usual as (
  select
    period,
    row_count,
    avg(row_count) ${before} as mean,
    stddev_samp(row_count) ${before} as deviation,
    count(*) ${before} as periods_before,
    row_number() over (order by period desc) as age
  from counts
)
select period, row_count, mean as usual_count
from usual
where age <= ${args.periods}
  and periods_before >= ${args.min_periods}
  and abs(row_count - mean) > ${args.max_deviations} * greatest(deviation, sqrt(mean))`,
    };
  },
});
