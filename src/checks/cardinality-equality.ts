import * as z from 'zod';
import { defineCheck } from './check.ts';

/** Each value occurs as often as in a column of another table; NULL is a value here. */
export const cardinalityEquality = defineCheck({
  name: 'cardinality_equality',
  scope: 'column',
  args: z.strictObject({ to: z.string(), field: z.string() }),
  isSeparable: () => false,
  failingRows({ dialect, relation, column, args }) {
    const field = dialect.quote(args.field);
    return {
      query: `select value_field, sum(here) as here, sum(there) as there
from (
  select ${column} as value_field, 1 as here, 0 as there from ${relation} as tested
  union all
  select ${field}, 0, 1 from ${args.to} as compared
) as occurrences
group by value_field
having sum(here) <> sum(there)`,
    };
  },
});
