import * as z from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import { readSetting } from '../core/read-setting.ts';
import type { Metric } from '../metrics/metric.ts';
import type { TrainSettings } from './train-settings.ts';
import { yardstickOf } from './yardstick.ts';

/** How it is measured what a model loses without a feature. */
export interface PermutationSettings {
  /** Those of the test, or those the folds foretold. */
  readonly rows: 'test' | 'folds';
  readonly repeats: number;
  readonly metric: Metric;
  /** Among which rows values are shuffled: those of a group, or all. */
  readonly within: 'group' | 'all';
}

const schema = z.strictObject({
  rows: z.enum(['test', 'folds']).default('test'),
  repeats: z.int().positive().default(5),
  metric: z.string().optional(),
  within: z.enum(['group', 'all']).optional(),
});

/** `permutation` of a train node, `true` for all defaults; undefined for false. @throws ConfigError 'invalid-config' */
export function permutationSettingsOf(
  permutation: Readonly<Record<string, unknown>> | boolean,
  settings: TrainSettings,
): PermutationSettings | undefined {
  if (permutation === false) return undefined;
  const read = readSetting(schema, 'permutation', permutation === true ? {} : permutation, {
    hint: "permutation={'rows': 'test', 'repeats': 5}",
  });
  const grouped = settings.group !== undefined;
  const { rows, repeats, within = grouped ? 'group' : 'all' } = read;
  if (within === 'group' && !grouped) {
    throw invalid("permutation within 'group' needs a group_column", "add group_column='race_id'");
  }
  if (rows === 'folds' && settings.split['strategy'] === 'group_k_fold') {
    const hint = "permutation={'rows': 'test'}";
    throw invalid('permutation: models of group_k_fold are not kept, and cannot be asked', hint);
  }
  return { rows, repeats, within, metric: metricOf(read.metric, settings) };
}

function metricOf(name: string | undefined, settings: TrainSettings): Metric {
  const { metrics, decides } = yardstickOf(settings);
  if (name === undefined) return decides;
  const found = metrics.find((metric) => metric.name === name);
  if (found) return found;
  const known = metrics.map((metric) => metric.name);
  throw invalid(
    `permutation: unknown metric '${name}'`,
    didYouMean(name, known) ?? `known: ${known.join(', ')}`,
  );
}

const invalid = (message: string, hint: string): ConfigError =>
  new ConfigError('invalid-config', message, { hint });
