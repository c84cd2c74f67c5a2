import * as z from 'zod';
import { defineCheck } from './check.ts';
import { countsOf, enough, periodArgs, periodRows } from './periods.ts';

/** A share of 0 is taken as this, or one empty bin would make the index infinite. */
const LEAST_SHARE = '1e-4';

/** The population stability index of a number between two periods is no more than `max_psi`; NULL is a bin of its own. */
export const psi = defineCheck({
  name: 'psi',
  scope: 'column',
  args: z.strictObject({
    ...periodArgs,
    max_psi: z.number().min(0).default(0.25),
    bins: z.int().min(2).max(100).default(10),
  }),
  isSeparable: () => false,
  failingRows({ args, ...tested }) {
    const inner = Array.from({ length: args.bins - 1 }, (_, i) => i + 1);
    const edges = inner.map(
      (i) =>
        `percentile_cont(${i / args.bins}) within group (order by number) filter (where not is_recent) as edge_${i}`,
    );
    // Edges that are equal leave bins empty in both periods, which adds nothing.
    const bins = inner.map((i) => `when number <= edge_${i} then ${i}`);
    const { earlier, recent } = countsOf();
    return {
      query: `with ${periodRows(tested, args)},
numbers as (
  select cast(value as double precision) as number, is_recent from periods
),
edges as (
  select ${edges.join(',\n    ')}
  from numbers
),
binned as (
  select
    case when number is null then 0 ${bins.join(' ')} else ${args.bins} end as bin,
    is_recent
  from numbers, edges
),
counts as (
  select ${earlier} as earlier, ${recent} as recent from binned group by bin
),
totals as (
  select earlier, recent, sum(earlier) over () as n_earlier, sum(recent) over () as n_recent from counts
),
shares as (
  select
    greatest(earlier / n_earlier, ${LEAST_SHARE}) as expected,
    greatest(recent / n_recent, ${LEAST_SHARE}) as actual
  from totals
  where ${enough(args.min_rows)}
),
total as (
  select sum((actual - expected) * ln(actual / expected)) as psi from shares
)
select psi from total where psi > ${args.max_psi}`,
    };
  },
});
