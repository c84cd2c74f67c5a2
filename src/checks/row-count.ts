import * as z from 'zod';
import { defineCheck } from './check.ts';

const count = z.int().nonnegative();

/** The table has at least `min` and at most `max` rows; one failure, with their number, when it has not. */
export const rowCount = defineCheck({
  name: 'row_count',
  scope: 'model',
  args: z
    .strictObject({ min: count.optional(), max: count.optional() })
    .refine(({ min, max }) => min !== undefined || max !== undefined, 'needs min or max'),
  isSeparable: () => false,
  failingRows({ relation, args: { min, max } }) {
    const bounds = [
      ...(min === undefined ? [] : [`count(*) < ${min}`]),
      ...(max === undefined ? [] : [`count(*) > ${max}`]),
    ];
    return {
      query: `select count(*) as row_count\nfrom ${relation} as tested\nhaving ${bounds.join(' or ')}`,
    };
  },
});
