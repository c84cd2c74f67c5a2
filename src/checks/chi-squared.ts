import * as z from 'zod';
import { defineCheck } from './check.ts';
import { countsOf, enough, periodArgs, periodRows } from './periods.ts';

/**
 * How often each value of a column occurs differs between two periods by no more than `max_cramers_v`: Cramér's V of
 * the table values × periods, √(χ²/n), 0 for the same shares and 1 when no value occurs in both. χ² is Pearson's; by
 * itself it grows with the rows. NULL is a value.
 */
export const chiSquared = defineCheck({
  name: 'chi_squared',
  scope: 'column',
  args: z.strictObject({ ...periodArgs, max_cramers_v: z.number().min(0).max(1).default(0.1) }),
  isSeparable: () => false,
  failingRows({ args, ...tested }) {
    const { earlier, recent } = countsOf();
    return {
      query: `with ${periodRows(tested, args)},
counts as (
  select ${earlier} as earlier, ${recent} as recent from periods group by value
),
totals as (
  select
    earlier,
    recent,
    sum(earlier) over () as n_earlier,
    sum(recent) over () as n_recent
  from counts
),
cells as (
  select
    earlier,
    recent,
    n_earlier + n_recent as n,
    (earlier + recent) * n_earlier / (n_earlier + n_recent) as expected_earlier,
    (earlier + recent) * n_recent / (n_earlier + n_recent) as expected_recent
  from totals
  where ${enough(args.min_rows)}
),
total as (
  select
    sum(
      (earlier - expected_earlier) * (earlier - expected_earlier) / expected_earlier
      + (recent - expected_recent) * (recent - expected_recent) / expected_recent
    ) as chi_squared,
    count(*) - 1 as degrees_of_freedom,
    max(n) as n
  from cells
)
select chi_squared, degrees_of_freedom, sqrt(chi_squared / n) as cramers_v
from total
where sqrt(chi_squared / n) > ${args.max_cramers_v}`,
    };
  },
});
