import type { FeatureColumn } from '../estimators/estimator.ts';

/**
 * The features that moved each row most, as JSON: `[{"feature", "value", "effect"}]`, the strongest first. `effect` is
 * added to the score: the log odds of a chance, of the likeliest class its logarithm up to a constant. `contributions`:
 * for each row and output the features in order and, last, where all rows start; `chosen`: the output of each row that
 * is explained.
 */
export function strongestReasons(
  contributions: Float64Array,
  features: readonly FeatureColumn[],
  count: number,
  chosen: Int32Array,
): string[] {
  const width = features.length + 1;
  const outputs = contributions.length / width / chosen.length;
  return Array.from(chosen, (output, row) => {
    const from = (row * outputs + output) * width;
    const own = contributions.subarray(from, from + features.length);
    return JSON.stringify(
      strongest(own, count).map((index) => ({
        feature: features[index]?.name,
        value: featureValue(features[index], row),
        effect: Number((own[index] as number).toPrecision(6)),
      })),
    );
  });
}

/** Places of the `count` numbers farthest from 0, the farthest first; of equals the first. */
function strongest(effects: Float64Array, count: number): number[] {
  const best: number[] = [];
  const size = (index: number | undefined) => Math.abs(effects[index ?? -1] ?? Number.NaN);
  for (let index = 0; index < effects.length; index += 1) {
    if (best.length === count && !(size(index) > size(best.at(-1)))) continue;
    // The few that are kept are in order: the new one moves up to its place.
    let place = Math.min(best.length, count - 1);
    for (; place > 0 && size(index) > size(best[place - 1]); place -= 1) {
      best[place] = best[place - 1] as number;
    }
    best[place] = index;
  }
  return best;
}

function featureValue(feature: FeatureColumn | undefined, row: number): string | number | null {
  const value = feature?.values[row] ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  return feature?.categories?.[value] ?? value;
}
