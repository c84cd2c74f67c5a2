import { totalmem } from 'node:os';
import { availableMemory, platform } from 'node:process';
import { ProjectError } from '../core/errors.ts';
import type { FeatureColumn } from './estimator.ts';

const BYTES_PER_BIN = 16;
const MAX_BIN = 255;
const NUM_LEAVES = 31;
const MIN_DATA_IN_BIN = 3;
const MB = 1_048_576;
const GB = 1024 * MB;

/**
 * Refuses a training whose histograms cannot fit: LightGBM takes a sum of gradients and one of Hessians for each bin of each leaf before it
 * begins, does not look whether it got the memory, and the process is over without a word.
 * @throws ProjectError 'training-data' with how much it would take
 */
export function checkMemory(
  features: readonly FeatureColumn[],
  given: ReadonlyMap<string, string>,
  available: number = freeMemory(),
): void {
  // Counting distinct values takes time: first as many bins as there could be.
  if (histogramBytes(features, given, ({ values }) => values.length) <= available) return;
  const needed = histogramBytes(features, given, ({ values }) => new Set(values).size);
  if (needed <= available) return;
  throw new ProjectError(
    'training-data',
    `training would take ${(needed / GB).toFixed(1)} GB of memory for its histograms; ${(available / GB).toFixed(1)} GB are free`,
    {
      hint: 'a smaller num_leaves or max_bin, fewer features, or histogram_pool_size (in MB) among params',
    },
  );
}

/** Elsewhere what is free says little: memory that caches hold is not counted. */
const freeMemory = (): number => (platform === 'linux' ? availableMemory() : totalmem());

function histogramBytes(
  features: readonly FeatureColumn[],
  given: ReadonlyMap<string, string>,
  distinct: (feature: FeatureColumn) => number,
): number {
  const number = (name: string, otherwise: number) => Number(given.get(name) ?? otherwise);
  const fewest = Math.max(1, number('min_data_in_bin', MIN_DATA_IN_BIN));
  const bins = features.reduce((sum, feature) => {
    const most = Math.min(distinct(feature), feature.values.length / fewest + 1);
    return sum + Math.min(number('max_bin', MAX_BIN), most);
  }, 0);
  const all = number('num_leaves', NUM_LEAVES) * bins * BYTES_PER_BIN;
  const pool = number('histogram_pool_size', -1);
  return pool > 0 ? Math.min(all, pool * MB) : all;
}
