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
    const strongest = Array.from(own, (_effect, index) => index)
      .sort((a, b) => Math.abs(own[b] as number) - Math.abs(own[a] as number))
      .slice(0, count);
    return JSON.stringify(
      strongest.map((index) => ({
        feature: features[index]?.name,
        value: featureValue(features[index], row),
        effect: Number((own[index] as number).toPrecision(6)),
      })),
    );
  });
}

function featureValue(feature: FeatureColumn | undefined, row: number): string | number | null {
  const value = feature?.values[row] ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  return feature?.categories?.[value] ?? value;
}
