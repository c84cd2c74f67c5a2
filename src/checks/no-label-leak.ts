import * as z from 'zod';
import { defineCheck } from './check.ts';

/**
 * Of an as_of model with labels: outcomes are shuffled within each group at the inputs, the model is built again in a
 * scratch, and each feature that then still tells the label is one failure.
 */
export const noLabelLeak = defineCheck({
  name: 'no_label_leak',
  scope: 'model',
  args: z.strictObject({
    label: z.string(),
    group: z.string(),
    group_in_inputs: z.array(z.string()).min(1).optional(),
    days: z.int().positive().default(365),
    confidence: z.number().gt(0.5).lt(1).default(0.999),
    seed: z.int().nonnegative().default(0),
  }),
  isSeparable: () => false,
  judgesCode: true,
  failingRows: ({ args: { group_in_inputs, ...args } }) => ({
    experiment: { ...args, kind: 'shuffle', groupInInputs: group_in_inputs ?? [args.group] },
  }),
});
