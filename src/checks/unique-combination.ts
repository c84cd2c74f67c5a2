import * as z from 'zod';
import { defineCheck } from './check.ts';

/** NULLs count as equal here: a key with a NULL must not occur twice either. */
export const uniqueCombination = defineCheck({
  name: 'unique_combination',
  scope: 'model',
  args: z.strictObject({ columns: z.array(z.string()).min(1) }),
  isSeparable: ({ columns }, _column, asOfColumn) => columns.includes(asOfColumn),
  failingRows({ dialect, relation, args }) {
    const columns = args.columns.map(dialect.quote).join(', ');
    return {
      query: `select ${columns}, count(*) as n_records
from ${relation} as tested
group by ${columns}
having count(*) > 1`,
    };
  },
});
