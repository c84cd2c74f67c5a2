import * as z from 'zod';
import { defineCheck } from './check.ts';

/** Of an as_of model: what `velo leakage -s model` looks for, each leak one failure. */
export const noFutureLeakage = defineCheck({
  name: 'no_future_leakage',
  scope: 'model',
  args: z.strictObject({
    dates: z.union([z.int().positive(), z.literal('all'), z.array(z.iso.date()).min(1)]).default(3),
    seed: z.int().nonnegative().default(0),
  }),
  isSeparable: () => false,
  failingRows: ({ args }) => ({ experiment: { ...args, kind: 'future' } }),
});
