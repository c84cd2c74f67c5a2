import * as z from 'zod';
import { defineCheck } from './check.ts';

/** The column has a value in at least one row. */
export const atLeastOne = defineCheck({
  name: 'at_least_one',
  scope: 'column',
  args: z.strictObject({}),
  isSeparable: () => false,
  failingRows: ({ relation, column }) => ({
    query: `select count(*) as row_count
from ${relation} as tested
having count(${column}) = 0`,
  }),
});
