import { sharedColumn } from '../estimators/encode-columns.ts';
import type { FeatureColumn, LabelledRows } from '../estimators/estimator.ts';
import type { TrainingRows } from './read-training-rows.ts';

/** Some of the rows as an estimator takes them. `rows`: ascending, groups whole. */
export function labelledRows(all: TrainingRows, rows: Int32Array): LabelledRows {
  return {
    count: rows.length,
    features: all.features.map((column) => pickFeature(column, rows)),
    target: pick(all.target, rows),
    ...(all.groups ? { groups: groupSizes(pickInts(all.groups, rows)) } : {}),
    ...(all.price ? { prices: pick(all.price, rows) } : {}),
    ...(all.weight ? { weights: pick(all.weight, rows) } : {}),
  };
}

/** The same of rows to learn from: a category has the texts of these rows only, so that later ones change no code. */
export function learnedRows(all: TrainingRows, rows: Int32Array): LabelledRows {
  const some = labelledRows(all, rows);
  return { ...some, features: some.features.map(ownCategories) };
}

function ownCategories(column: FeatureColumn): FeatureColumn {
  const { categories, values } = column;
  if (!categories) return column;
  const used = [...new Set(values)].filter((code) => !Number.isNaN(code)).sort((a, b) => a - b);
  if (used.length === categories.length) return column;
  const codes = new Map(used.map((code, own) => [code, own]));
  const own = sharedColumn(values.length);
  for (let row = 0; row < own.length; row += 1) {
    own[row] = codes.get(values[row] as number) ?? Number.NaN;
  }
  return { ...column, values: own, categories: used.map((code) => categories[code] as string) };
}

/** The values of some rows, `width` of each, row after row. */
export function pick(values: Float64Array, rows: Int32Array, width = 1): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (let at = 0; at < picked.length; at += 1) {
    const row = rows[Math.floor(at / width)] as number;
    picked[at] = values[row * width + (at % width)] as number;
  }
  return picked;
}

/** The same of whole numbers. */
export const pickInts = (values: Int32Array, rows: Int32Array): Int32Array =>
  Int32Array.from(rows, (row) => values[row] as number);

/** Whether rows, which ascend, stand one after the other. */
const isRange = (rows: Int32Array): boolean =>
  rows.length > 0 && (rows.at(-1) as number) - (rows[0] as number) === rows.length - 1;

/** On memory that LightGBM's thread reads where it is; training rows by time are a range, of which nothing is copied. */
function pickFeature({ values, ...feature }: FeatureColumn, rows: Int32Array): FeatureColumn {
  if (isRange(rows)) {
    const from = rows[0] as number;
    return { ...feature, values: values.subarray(from, from + rows.length) };
  }
  const picked = sharedColumn(rows.length);
  for (let at = 0; at < rows.length; at += 1) picked[at] = values[rows[at] as number] as number;
  return { ...feature, values: picked };
}

/** How many rows each group has, in their order; `groups`: that of each row, the rows of one beside each other. */
export function groupSizes(groups: ArrayLike<unknown>): Int32Array {
  const sizes: number[] = [];
  for (let row = 0; row < groups.length; row += 1) {
    if (row === 0 || groups[row] !== groups[row - 1]) sizes.push(0);
    sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
  }
  return Int32Array.from(sizes);
}
