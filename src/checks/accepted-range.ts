import * as z from 'zod';
import { defineCheck } from './check.ts';

/** A number, or an SQL expression over the row. */
const bound = z.union([z.number(), z.string()]);

/** NULL is always accepted; not_null forbids it. */
export const acceptedRange = defineCheck({
  name: 'accepted_range',
  scope: 'column',
  args: z
    .strictObject({
      min_value: bound.optional(),
      max_value: bound.optional(),
      inclusive: z.boolean().default(true),
    })
    .refine((args) => args.min_value !== undefined || args.max_value !== undefined, {
      message: 'needs min_value or max_value',
    }),
  isSeparable: () => true,
  failingRows({ column, args: { min_value, max_value, inclusive } }) {
    const equal = inclusive ? '' : '=';
    const outside = [
      ...(min_value === undefined ? [] : [`${column} <${equal} ${min_value}`]),
      ...(max_value === undefined ? [] : [`${column} >${equal} ${max_value}`]),
    ];
    return { condition: outside.join(' or ') };
  },
});
