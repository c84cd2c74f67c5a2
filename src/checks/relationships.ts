import * as z from 'zod';
import { defineCheck } from './check.ts';

/** Every value of the column occurs in `field` of the relation `to`. */
export const relationships = defineCheck({
  name: 'relationships',
  scope: 'column',
  args: z.strictObject({ to: z.string(), field: z.string() }),
  isSeparable: () => true,
  failingRows: ({ dialect, relation, column, args }) => ({
    query: `select tested.${column} as from_field
from ${relation} as tested
where tested.${column} is not null
  and not exists (select 1 from ${args.to} as parent where parent.${dialect.quote(args.field)} = tested.${column})`,
  }),
});
