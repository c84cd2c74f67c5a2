import * as z from 'zod';
import { defineCheck } from './check.ts';

const DATEPARTS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

/** `interval '1 quarter'` is no interval of Postgres. */
const MONTHS_OF_QUARTER = 3;

/**
 * The newest `field` is not older than `interval` dateparts before now, in each group of `group_by_columns`: a row for
 * each group that is too old, or has no time at all. With `ignore_time_component` whole dates are compared.
 */
export const recency = defineCheck({
  name: 'recency',
  scope: 'model',
  args: z.strictObject({
    field: z.string(),
    datepart: z.enum(DATEPARTS),
    interval: z.int().positive(),
    ignore_time_component: z.boolean().default(false),
    group_by_columns: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  }),
  readsClock: true,
  isSeparable: () => false,
  failingRows({ dialect, relation, args }) {
    const groups = [args.group_by_columns ?? []].flat().map(dialect.quote);
    const type = args.ignore_time_component ? 'date' : 'timestamp';
    const newest = `max(cast(tested.${dialect.quote(args.field)} as ${type}))`;
    const [count, datepart] =
      args.datepart === 'quarter'
        ? [args.interval * MONTHS_OF_QUARTER, 'month']
        : [args.interval, args.datepart];
    const oldest = `cast(current_timestamp as ${type}) - interval '${count} ${datepart}'`;
    const columns = [...groups, `${newest} as most_recent`, `${oldest} as threshold`];
    return {
      query: `select ${columns.join(', ')}
from ${relation} as tested${groups.length === 0 ? '' : `\ngroup by ${groups.join(', ')}`}
having ${newest} is null or ${newest} < ${oldest}`,
    };
  },
});
