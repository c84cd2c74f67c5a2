import * as z from 'zod';
import { defineCheck } from './check.ts';

/** The column has more than one value; a column of NULLs, or of no rows, has none and passes. */
export const notConstant = defineCheck({
  name: 'not_constant',
  scope: 'column',
  args: z.strictObject({}),
  isSeparable: () => false,
  failingRows: ({ relation, column }) => ({
    query: `select min(${column}) as only_value
from ${relation} as tested
having count(distinct ${column}) = 1`,
  }),
});
