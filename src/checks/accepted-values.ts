import * as z from 'zod';
import { defineCheck } from './check.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);

/** Each value that is not accepted is one failure, as in dbt. NULL is always accepted; not_null forbids it. */
export const acceptedValues = defineCheck({
  name: 'accepted_values',
  scope: 'column',
  args: z.strictObject({ values: z.array(value).min(1), quote: z.boolean().default(true) }),
  isSeparable: () => true,
  failingRows({ dialect, column, args }) {
    const values = args.values.map((one) =>
      args.quote ? dialect.literal(String(one)) : String(one),
    );
    return { condition: `${column} not in (${values.join(', ')})`, distinct: column };
  },
});
