import * as z from 'zod';
import { defineCheck } from './check.ts';

/** Each value that occurs more than once is one failure, as in dbt. */
export const unique = defineCheck({
  name: 'unique',
  scope: 'column',
  args: z.strictObject({}),
  isSeparable: (_args, column, asOfColumn) => column === asOfColumn,
  failingRows: ({ relation, column }) => ({
    query: `select ${column} as unique_field, count(*) as n_records
from ${relation} as tested
where ${column} is not null
group by ${column}
having count(*) > 1`,
  }),
});
