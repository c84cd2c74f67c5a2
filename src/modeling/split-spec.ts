import * as z from 'zod';
import { readSetting } from '../core/read-setting.ts';
import type { SplitSpec } from '../splits/split.ts';

const FOLDS = 5;

/** Of all days, when nobody says how many belong to the test. */
const TEST_SHARE = 0.2;

const schema = z.strictObject({
  strategy: z.string().default('walk_forward'),
  folds: z.int().positive().default(FOLDS),
  validation: z.string().optional(),
  train: z.string().optional(),
  gap: z.string().optional(),
  test: z.string().optional(),
});

/** `split` of a train node, with a test period in any case. `days` ascending. @throws ConfigError 'invalid-config' */
export function splitSpecOf(split: Readonly<Record<string, unknown>>, days: Int32Array): SplitSpec {
  const spec = readSetting(schema, 'split', split, {
    hint: "split={'strategy': 'walk_forward', 'folds': 5, 'validation': '120 days', 'test': '365 days'}",
  });
  const span = 1 + (days.at(-1) ?? 0) - (days.at(0) ?? 0);
  const test = spec.test ?? `${Math.max(1, Math.round(span * TEST_SHARE))} days`;
  return { ...spec, test };
}
