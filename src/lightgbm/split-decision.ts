import type { TreeFields } from './tree-text.ts';

/** Bits of `decision_type`. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const missingTypeOf = (decision: number): number => (decision >> 2) & 3;
const ZERO_IS_MISSING = 1;
/** LightGBM takes what is nearer to 0 for 0. */
const NEARLY_ZERO = 1e-35;

/** What a node of a tree asks. */
export interface Split {
  readonly feature: number;
  readonly threshold: number;
  readonly zeroIsMissing: boolean;
  /** Where missing values go, and NaN: 1 is left. */
  readonly missingGoes: 0 | 1;
  readonly nanGoes: 0 | 1;
  /** Of categories: the set that goes left, a bit for each in words of 32; undefined: numbers up to the threshold do. */
  readonly categories: readonly number[] | undefined;
}

export function splitOf(fields: TreeFields, node: number): Split {
  const at = (name: string, i: number): number => fields.get(name)?.[i] ?? 0;
  const decision = at('decision_type', node);
  const threshold = at('threshold', node);
  const isCategory = (decision & CATEGORICAL) !== 0;
  const missingGoes = (decision & DEFAULT_LEFT) === 0 ? 0 : 1;
  // Without missing values NaN counts as 0.
  const ofZero = 0 <= threshold ? 1 : 0;
  return {
    feature: at('split_feature', node),
    threshold,
    zeroIsMissing: missingTypeOf(decision) === ZERO_IS_MISSING,
    missingGoes,
    nanGoes: missingTypeOf(decision) === 0 ? ofZero : missingGoes,
    categories: isCategory
      ? fields
          .get('cat_threshold')
          ?.slice(at('cat_boundaries', threshold), at('cat_boundaries', threshold + 1))
      : undefined,
  };
}

/** Writes 1 for each of `count` rows from `from` on that goes left, 0 for the others. */
export function decide(
  split: Split,
  values: Float64Array,
  from: number,
  count: number,
  goesLeft: Uint8Array,
): void {
  if (split.categories) {
    decideCategory(split.categories, values, from, count, goesLeft);
    return;
  }
  const { threshold, zeroIsMissing, missingGoes, nanGoes } = split;
  // Without a branch: which way a row goes cannot be guessed.
  for (let i = 0; i < count; i += 1)
    goesLeft[i] = Number((values[from + i] as number) <= threshold);
  for (let i = 0; nanGoes === 1 && i < count; i += 1) {
    if (Number.isNaN(values[from + i])) goesLeft[i] = 1;
  }
  if (!zeroIsMissing) return;
  for (let i = 0; i < count; i += 1) {
    if (Math.abs(values[from + i] as number) <= NEARLY_ZERO) goesLeft[i] = missingGoes;
  }
}

function decideCategory(
  words: readonly number[],
  values: Float64Array,
  from: number,
  count: number,
  goesLeft: Uint8Array,
): void {
  for (let i = 0; i < count; i += 1) {
    const category = Math.trunc(values[from + i] as number);
    const word = category >= 0 ? words[category >>> 5] : undefined;
    goesLeft[i] = word === undefined ? 0 : (word >>> (category & 31)) & 1;
  }
}
