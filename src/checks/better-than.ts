import * as z from 'zod';
import { defineCheck } from './check.ts';
import { columnNames } from './judged-rows.ts';

/** What one row costs: the metrics of the same names, probabilities of the log loss kept 1e−15 from 0 and 1. */
const LOSSES = {
  log_loss: (p: string) => {
    const clipped = `least(greatest(${p}, 1e-15), 1 - 1e-15)`;
    return `case when y = 1 then -ln(${clipped}) else -ln(1 - ${clipped}) end`;
  },
  brier: (p: string) => `(${p} - y) * (${p} - y)`,
} as const;

/**
 * A column of probabilities has a lower log loss or Brier score than a baseline, by more than `margin`, over the rows
 * that have both. `baseline: prior` is one in the rows of the `group`, any other a column of probabilities.
 */
export const betterThan = defineCheck({
  name: 'better_than',
  scope: 'column',
  args: z
    .strictObject({
      target: z.string(),
      baseline: z.string(),
      group: columnNames.optional(),
      metric: z.enum(['log_loss', 'brier']).default('log_loss'),
      margin: z.number().default(0),
    })
    .refine((args) => (args.baseline === 'prior') === (args.group !== undefined), {
      message: 'baseline prior needs group, and only it takes one',
    }),
  isSeparable: () => false,
  failingRows({
    dialect,
    relation,
    column,
    args: { target, baseline, group = [], metric, margin },
  }) {
    const own = group.map((name) => `tested.${dialect.quote(name)}`);
    const other =
      own.length > 0
        ? `1e0 / count(*) over (partition by ${own.join(', ')})`
        : `tested.${dialect.quote(baseline)}`;
    const loss = LOSSES[metric];
    return {
      query: `with judged as (
  select
    cast(tested.${column} as double precision) as p,
    cast(tested.${dialect.quote(target)} as integer) as y,
    cast(${other} as double precision) as q
  from ${relation} as tested
),
losses as (
  select count(*) as n_rows, avg(${loss('p')}) as loss, avg(${loss('q')}) as baseline
  from judged
  where p is not null and y is not null and q is not null
)
select n_rows, loss, baseline from losses where loss is null or not loss < baseline - ${margin}`,
    };
  },
});
