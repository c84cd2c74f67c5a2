import * as z from 'zod';
import { defineCheck } from './check.ts';

export const notNull = defineCheck({
  name: 'not_null',
  scope: 'column',
  args: z.strictObject({}),
  isSeparable: () => true,
  failingRows: ({ column }) => ({ condition: `${column} is null` }),
});
