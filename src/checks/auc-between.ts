import * as z from 'zod';
import { defineCheck } from './check.ts';
import { columnNames, judgedRows, numbered } from './judged-rows.ts';

/**
 * How often a prediction puts a winner above a loser, ties ½, lies between `min` and `max`: with `group` over the pairs
 * of one group, all groups' pairs together (metric `within_race_auc`), without over all pairs (`auc`).
 */
export const aucBetween = defineCheck({
  name: 'auc_between',
  scope: 'column',
  args: z
    .strictObject({
      target: z.string(),
      group: columnNames.optional(),
      min: z.number().min(0).max(1).optional(),
      max: z.number().min(0).max(1).optional(),
    })
    .refine((args) => args.min !== undefined || args.max !== undefined, {
      message: 'needs min or max',
    }),
  isSeparable: () => false,
  failingRows({ dialect, relation, column, args: { target, group = [], min = 0, max = 1 } }) {
    const others = numbered('group', group);
    const own = Object.keys(others);
    const within = own.length > 0 ? `partition by ${own.join(', ')}` : '';
    const tied = `partition by ${[...own, 'p'].join(', ')}`;
    return {
      query: `with judged as (
  ${judgedRows({ dialect, relation, column, target, others })}
),
ranked as (
  select
    y,
    cast(sum(1 - y) over (${within}) as double precision) as losers,
    cast(sum(1 - y) over (${within} order by p) as double precision)
      - 0.5 * cast(sum(1 - y) over (${tied}) as double precision) as beaten
  from judged
),
pairs as (
  select
    coalesce(sum(losers), 0) as n_pairs,
    sum(beaten) / nullif(sum(losers), 0) as auc
  from ranked
  where y = 1
)
select n_pairs, auc from pairs where auc < ${min} or auc > ${max} or auc is null`,
    };
  },
});
