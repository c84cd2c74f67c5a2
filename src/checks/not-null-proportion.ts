import * as z from 'zod';
import { defineCheck } from './check.ts';

const share = z.number().min(0).max(1);

/** The share of rows with a value lies within bounds, both allowed; no rows have no share and pass. */
export const notNullProportion = defineCheck({
  name: 'not_null_proportion',
  scope: 'column',
  args: z.strictObject({ at_least: share, at_most: share.default(1) }),
  isSeparable: () => false,
  failingRows: ({ relation, column, args }) => ({
    query: `select not_null_proportion
from (
  select count(${column}) * 1.0 / nullif(count(*), 0) as not_null_proportion
  from ${relation} as tested
) as shares
where not_null_proportion < ${args.at_least} or not_null_proportion > ${args.at_most}`,
  }),
});
