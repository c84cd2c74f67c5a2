import * as z from 'zod';
import { defineCheck } from './check.ts';

/** The table holds the rows of another, each as often: rows that only one of them has fail. */
export const equality = defineCheck({
  name: 'equality',
  scope: 'model',
  args: z.strictObject({
    compare_model: z.string(),
    compare_columns: z.array(z.string()).min(1).optional(),
  }),
  isSeparable: () => false,
  failingRows({ dialect, relation, args }) {
    const columns = args.compare_columns?.map(dialect.quote).join(', ') ?? '*';
    const here = `select ${columns} from ${relation} as tested`;
    const there = `select ${columns} from ${args.compare_model} as compared`;
    return {
      query: `select 'only here' as found_in, here.* from (${here} except all ${there}) as here
union all
select 'only there', there.* from (${there} except all ${here}) as there`,
    };
  },
});
