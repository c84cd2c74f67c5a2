/** Values of a category and the codes they are trained with. */
export interface Encoded {
  /** NaN for NULL and for values that are not in the dictionary. */
  readonly codes: Float64Array;
  /** Values by code. */
  readonly categories: readonly string[];
}

type CategoryValues = ArrayLike<string | number | bigint | boolean | null>;

/** A dictionary in the order of the values, so that it does not depend on which row comes first. */
export function encodeCategories(values: CategoryValues): Encoded {
  const found = new Set<string>();
  for (let row = 0; row < values.length; row += 1) {
    const text = textOf(values[row]);
    if (text !== undefined) found.add(text);
  }
  const categories = [...found].sort();
  return { codes: codesOf(values, categories), categories };
}

/** The codes of values by an existing dictionary: what it does not know is missing. */
export function codesOf(values: CategoryValues, categories: readonly string[]): Float64Array {
  const codes = new Map(categories.map((category, code) => [category, code]));
  const out = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const text = textOf(values[row]);
    out[row] = (text === undefined ? undefined : codes.get(text)) ?? Number.NaN;
  }
  return out;
}

/** One spelling of a value, whichever array it comes in: booleans may be 0 and 1. */
const textOf = (value: string | number | bigint | boolean | null | undefined): string | undefined => {
  if (value === null || value === undefined || Number.isNaN(value)) return undefined;
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
};
