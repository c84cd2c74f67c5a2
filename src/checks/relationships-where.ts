import * as z from 'zod';
import { defineCheck } from './check.ts';

/** As `relationships`, of the rows that fulfil `from_condition` and parents that fulfil `to_condition`. */
export const relationshipsWhere = defineCheck({
  name: 'relationships_where',
  scope: 'column',
  args: z.strictObject({
    to: z.string(),
    field: z.string(),
    from_condition: z.string().default('1 = 1'),
    to_condition: z.string().default('1 = 1'),
  }),
  isSeparable: () => true,
  failingRows: ({ dialect, relation, column, args }) => ({
    query: `select tested.${column} as from_field
from (select * from ${relation} as rows_tested where ${args.from_condition}) as tested
where tested.${column} is not null
  and not exists (
    select 1 from (select * from ${args.to} as rows_there where ${args.to_condition}) as parent
    where parent.${dialect.quote(args.field)} = tested.${column}
  )`,
  }),
});
