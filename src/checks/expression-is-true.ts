import * as z from 'zod';
import { defineCheck } from './check.ts';

/** On a column the expression follows the column's name: `>= 0`. NULL does not count as true. */
export const expressionIsTrue = defineCheck({
  name: 'expression_is_true',
  scope: 'either',
  args: z.strictObject({ expression: z.string() }),
  isSeparable: () => true,
  failingRows: ({ column, args }) => ({
    condition: `(${`${column} ${args.expression}`.trim()}) is not true`,
  }),
});
