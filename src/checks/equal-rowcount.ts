import * as z from 'zod';
import { defineCheck } from './check.ts';

/** The table has as many rows as another; one failure, with both numbers, when it has not. */
export const equalRowcount = defineCheck({
  name: 'equal_rowcount',
  scope: 'model',
  args: z.strictObject({ compare_model: z.string() }),
  isSeparable: () => false,
  failingRows: ({ relation, args }) => ({
    query: `select here.row_count, there.row_count as compared_row_count
from (select count(*) as row_count from ${relation} as tested) as here
cross join (select count(*) as row_count from ${args.compare_model} as compared) as there
where here.row_count <> there.row_count`,
  }),
});
