import * as z from 'zod';
import { defineCheck } from './check.ts';
import { columnNames, judgedRows, numbered } from './judged-rows.ts';

const BINS = 10;

/**
 * The calibration error (metric `ece`) of a column of probabilities is no more than `max_ece`. Rows of equal
 * probability are cut in the order of `order_by`; where that leaves them equal they share their mean outcome, so that the
 * answer does not hang on the order a table happens to have.
 */
export const calibrated = defineCheck({
  name: 'calibrated',
  scope: 'column',
  args: z.strictObject({
    target: z.string(),
    max_ece: z.number().min(0).max(1),
    order_by: columnNames.optional(),
  }),
  isSeparable: () => false,
  failingRows({ dialect, relation, column, args: { target, max_ece, order_by = [] } }) {
    const others = numbered('order', order_by);
    const order = ['p', ...Object.keys(others)].join(', ');
    // ntile gives the first bins what is over, as the metric does.
    return {
      query: `with judged as (
  ${judgedRows({ dialect, relation, column, target, others })}
),
binned as (
  select avg(y) over (partition by ${order}) - p as excess, ntile(${BINS}) over (order by ${order}) as bin
  from judged
),
bins as (
  select count(*) as n_rows, sum(excess) as excess from binned group by bin
),
error as (
  select coalesce(sum(n_rows), 0) as n_rows, sum(abs(excess)) / sum(n_rows) as ece from bins
)
select n_rows, ece, ${max_ece} as max_ece from error where ece > ${max_ece} or ece is null`,
    };
  },
});
