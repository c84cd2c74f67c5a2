import * as z from 'zod';
import { defineCheck } from './check.ts';

const columns = z.union([z.string(), z.array(z.string()).min(1)]);

/** Numbers go up by `interval`, within each group of `group_by_columns`: each row that is not its predecessor's next fails. */
export const sequentialValues = defineCheck({
  name: 'sequential_values',
  scope: 'column',
  args: z.strictObject({
    interval: z.number().positive().default(1),
    group_by_columns: columns.optional(),
  }),
  isSeparable: () => false,
  failingRows({ dialect, relation, column, args }) {
    const groups = [args.group_by_columns ?? []].flat().map(dialect.quote);
    const partition = groups.length === 0 ? '' : `partition by ${groups.join(', ')} `;
    return {
      query: `select *
from (
  select tested.*, lag(${column}) over (${partition}order by ${column}) as previous_value
  from ${relation} as tested
  where ${column} is not null
) as steps
where ${column} <> previous_value + ${args.interval}`,
    };
  },
});
