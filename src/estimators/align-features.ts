import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { NumberColumn } from '../lightgbm/c-api.ts';
import type { Feature, FeatureColumn } from './estimator.ts';

/**
 * The values of a model's features in the model's order and codes, found by name. A text the model has never seen is a missing value;
 * columns the model does not use are left out. @throws ProjectError 'feature-mismatch' for a column that is not there or is of another kind
 */
export function alignFeatures(
  features: readonly Feature[],
  columns: readonly FeatureColumn[],
): NumberColumn[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return features.map((feature) => {
    const column = byName.get(feature.name);
    if (column === undefined) {
      throw new ProjectError(
        'feature-mismatch',
        `the model was trained with '${feature.name}', which is not among the columns`,
        { hint: didYouMean(feature.name, byName.keys()) },
      );
    }
    return sameKind(feature, column);
  });
}

function sameKind(feature: Feature, column: FeatureColumn): NumberColumn {
  if (feature.categories === undefined && column.categories === undefined) return column.values;
  // A column without a single text cannot be told from one of numbers.
  if (isMissing(column)) return new Float32Array(column.values.length).fill(Number.NaN);
  if (feature.categories && column.categories) {
    return recoded(feature.categories, column.categories, column.values);
  }
  const kind = ({ categories }: Feature) => (categories ? 'a category' : 'a number');
  throw new ProjectError(
    'feature-mismatch',
    `'${feature.name}' is ${kind(column)}; the model was trained with ${kind(feature)}`,
  );
}

const isMissing = ({ values, categories }: FeatureColumn): boolean =>
  categories?.length === 0 || values.every((value) => Number.isNaN(value));

function recoded(
  known: readonly string[],
  own: readonly string[],
  values: NumberColumn,
): NumberColumn {
  if (known.length === own.length && known.every((text, code) => text === own[code])) return values;
  const codes = new Map(known.map((text, code) => [text, code]));
  const codeOf = Float32Array.from(own, (text) => codes.get(text) ?? Number.NaN);
  return Float32Array.from(values, (code) => codeOf[code] ?? Number.NaN);
}
