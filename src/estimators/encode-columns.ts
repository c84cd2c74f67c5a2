import type { ColumnValues } from '../core/columns.ts';
import type { NumberColumn } from '../lightgbm/c-api.ts';
import type { FeatureColumn } from './estimator.ts';

const MISSING = Number.NaN;

/** A column of `rows` numbers that LightGBM's thread can read where it is. */
export function sharedColumn(rows: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * rows));
}

/**
 * A column of a table as a feature. Text becomes a category, whose texts are sorted, so that their codes do not depend on the order of the
 * rows; with `isCategory` numbers do, too. Dates are days, timestamps microseconds, booleans 0 and 1.
 */
export function featureColumn(
  name: string,
  values: ColumnValues,
  isCategory: boolean,
): FeatureColumn {
  const isText = Array.isArray(values) && values.some((value) => typeof value === 'string');
  if (isText || isCategory) return { name, ...category(values) };
  return { name, values: numbers(values) };
}

function numbers(values: ColumnValues): NumberColumn {
  if (isNumberColumn(values)) return values;
  const column = sharedColumn(values.length);
  for (let i = 0; i < values.length; i += 1) column[i] = numberOf(values[i]);
  return column;
}

const numberOf = (value: unknown): number =>
  value === null || value === undefined ? MISSING : Number(value);

function isNumberColumn(values: ColumnValues): values is Float64Array | Int32Array | Uint8Array {
  return ArrayBuffer.isView(values) && !(values instanceof BigInt64Array);
}

function category(values: ColumnValues): Pick<FeatureColumn, 'values' | 'categories'> {
  const texts: (string | undefined)[] = Array.from(values, textOf);
  const categories = [...new Set(texts)].filter((text) => text !== undefined).sort();
  const codes = new Map(categories.map((text, code) => [text, code]));
  // Codes below 2^24 are exact in 4 bytes.
  const column = new Float32Array(new SharedArrayBuffer(4 * texts.length));
  for (const [i, text] of texts.entries()) {
    column[i] = text === undefined ? MISSING : (codes.get(text) ?? MISSING);
  }
  return { values: column, categories };
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return undefined;
  return String(value);
}
