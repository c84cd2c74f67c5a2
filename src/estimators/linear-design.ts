import type { NumberColumn } from '../lightgbm/c-api.ts';
import type { FeatureColumn } from './estimator.ts';

/** A column of a linear model: a number, whether it is missing, or whether it is one of the texts of a category. */
export interface DesignColumn {
  /** The place of its feature in the model's list. */
  readonly feature: number;
  readonly kind: 'value' | 'missing' | 'category';
  /** The code, for a category. */
  readonly code?: number | undefined;
  /** Of the training rows, by weight; what the column is standardised with. A missing value is the mean. */
  readonly mean: number;
  readonly deviation: number;
}

/** Columns for features as they are in the training rows; those that are the same in all rows are left out. */
export function designOf(
  features: readonly FeatureColumn[],
  weights: Float64Array | undefined,
): DesignColumn[] {
  return features
    .flatMap((column, feature) => kindsOf(column).map((part) => ({ feature, column, part })))
    .map(({ feature, column, part }) => ({
      feature,
      ...part,
      ...moments(column.values, part, weights),
    }))
    .filter(({ deviation }) => deviation > 0);
}

type Part = Pick<DesignColumn, 'kind' | 'code'>;

/** Texts of a category that get a column: with more of them the sums take long and each rests on little. */
const MOST_TEXTS = 50;

function kindsOf({ categories, values }: FeatureColumn): Part[] {
  if (categories) return frequentCodes(values).map((code) => ({ kind: 'category', code }));
  const hasMissing = values.some((value) => Number.isNaN(value));
  return hasMissing ? [{ kind: 'value' }, { kind: 'missing' }] : [{ kind: 'value' }];
}

function frequentCodes(values: NumberColumn): number[] {
  const counts = new Map<number, number>();
  for (const code of values) if (!Number.isNaN(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const codes = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, MOST_TEXTS);
  return codes.map(([code]) => code).sort((a, b) => a - b);
}

/** The number a column has for a value of its feature; NaN is missing. */
function numberOf({ kind, code }: Part, value: number): number {
  if (kind === 'value') return value;
  return kind === 'missing' ? Number(Number.isNaN(value)) : Number(value === code);
}

function moments(values: NumberColumn, part: Part, weights: Float64Array | undefined) {
  let weight = 0;
  let mean = 0;
  let squares = 0;
  // One pass (West 1979): sums of squares of large numbers would cancel out.
  for (let i = 0; i < values.length; i += 1) {
    const value = numberOf(part, values[i] as number);
    const w = weights ? (weights[i] as number) : 1;
    if (Number.isNaN(value) || w === 0) continue;
    weight += w;
    const step = value - mean;
    mean += (step * w) / weight;
    squares += w * step * (value - mean);
  }
  return { mean, deviation: weight > 0 ? Math.sqrt(squares / weight) : 0 };
}

/** Standardised rows `from` to `to`, row after row, into `block`; `columns`: the values of the model's features. */
export function fillDesign(
  design: readonly DesignColumn[],
  columns: readonly NumberColumn[],
  from: number,
  to: number,
  block: Float64Array,
): void {
  for (const [j, column] of design.entries()) {
    const values = columns[column.feature] ?? [];
    for (let i = from; i < to; i += 1) {
      const value = numberOf(column, values[i] as number);
      block[(i - from) * design.length + j] = Number.isNaN(value)
        ? 0
        : (value - column.mean) / column.deviation;
    }
  }
}
