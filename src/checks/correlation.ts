import * as z from 'zod';
import { defineCheck } from './check.ts';

const coefficient = z.number().min(-1).max(1);

/**
 * The correlation of a column with another lies from `min_value` to `max_value`; one row with it, and the number of rows
 * that have both, when it does not. `pearson` takes the values, `spearman` their ranks (ties share the mean rank). A
 * column that never changes has none: the test passes.
 */
export const correlation = defineCheck({
  name: 'correlation',
  scope: 'column',
  args: z
    .strictObject({
      with_column: z.string(),
      min_value: coefficient.optional(),
      max_value: coefficient.optional(),
      method: z.enum(['pearson', 'spearman']).default('pearson'),
    })
    .refine(
      ({ min_value, max_value }) => min_value !== undefined || max_value !== undefined,
      'needs min_value or max_value',
    ),
  isSeparable: () => false,
  failingRows({ dialect, relation, column, args: { min_value, max_value, ...args } }) {
    const [x, y] = args.method === 'spearman' ? [meanRank('x'), meanRank('y')] : ['x', 'y'];
    const bounds = [
      ...(min_value === undefined ? [] : [`coefficient < ${min_value}`]),
      ...(max_value === undefined ? [] : [`coefficient > ${max_value}`]),
    ];
    return {
      query: `with numbers as (
  select
    cast(tested.${column} as double precision) as x,
    cast(tested.${dialect.quote(args.with_column)} as double precision) as y
  from ${relation} as tested
  where tested.${column} is not null and tested.${dialect.quote(args.with_column)} is not null
),
pairs as (
  select ${x} as x, ${y} as y from numbers
),
deviations as (
  select x - avg(x) over () as dx, y - avg(y) over () as dy from pairs
),
sums as (
  select sum(dx * dy) as xy, sum(dx * dx) as xx, sum(dy * dy) as yy, count(*) as n from deviations
),
total as (
  select xy / nullif(sqrt(xx * yy), 0) as coefficient, n from sums
)
select coefficient, n from total where ${bounds.join(' or ')}`,
    };
  },
});

/** Ranks from 1; those of equal numbers are their mean. */
const meanRank = (name: string): string =>
  `rank() over (order by ${name}) + (count(*) over (partition by ${name}) - 1) / 2.0`;
