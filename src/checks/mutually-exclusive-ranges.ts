import * as z from 'zod';
import { defineCheck } from './check.ts';

const columns = z.union([z.string(), z.array(z.string()).min(1)]);

/** How a range's end and the next one's start must lie. */
const FOLLOWS = { allowed: '<=', not_allowed: '=', required: '<' } as const;

/**
 * Ranges of rows do not overlap, within each group of `partition_by`: each ends before, or where, the next begins. A row
 * whose bounds are the wrong way round, or missing, fails too.
 */
export const mutuallyExclusiveRanges = defineCheck({
  name: 'mutually_exclusive_ranges',
  scope: 'model',
  args: z.strictObject({
    lower_bound_column: z.string(),
    upper_bound_column: z.string(),
    partition_by: columns.optional(),
    gaps: z.enum(['allowed', 'not_allowed', 'required']).default('allowed'),
    zero_length_range_allowed: z.boolean().default(false),
  }),
  isSeparable: () => false,
  failingRows({ dialect, relation, args }) {
    const [lower, upper] = [args.lower_bound_column, args.upper_bound_column].map(dialect.quote);
    const groups = [args.partition_by ?? []].flat().map(dialect.quote);
    const partition = groups.length === 0 ? '' : `partition by ${groups.join(', ')} `;
    const isRange = `${lower} ${args.zero_length_range_allowed ? '<=' : '<'} ${upper}`;
    return {
      query: `select *
from (
  select tested.*, lead(${lower}) over (${partition}order by ${lower}, ${upper}) as next_lower_bound
  from ${relation} as tested
) as ranges
where not coalesce(${isRange}, false)
  or (next_lower_bound is not null and not ${upper} ${FOLLOWS[args.gaps]} next_lower_bound)`,
    };
  },
});
