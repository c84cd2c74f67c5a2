import type { FeatureColumn } from '../estimators/estimator.ts';

/**
 * The features that moved each row most, as JSON: `[{"feature", "value", "effect"}]`, the strongest first. `effect` is
 * added to the log odds. `contributions`: for each row the features in order and, last, where all rows start.
 */
export function strongestReasons(
  contributions: Float64Array,
  features: readonly FeatureColumn[],
  count: number,
): string[] {
  const width = features.length + 1;
  const rows = contributions.length / width;
  return Array.from({ length: rows }, (_, row) => {
    const own = contributions.subarray(row * width, row * width + features.length);
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
