import type { NumberColumn } from './c-api.ts';
import { leafContributions, shapleyWeights } from './shapley-table.ts';
import type { TreeFields } from './tree-text.ts';

/** Bits of `decision_type`. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const missingTypeOf = (decision: number): number => (decision >> 2) & 3;
const ZERO_IS_MISSING = 1;
/** LightGBM takes what is nearer to 0 for 0. */
const NEARLY_ZERO = 1e-35;

/** Paths with more features are left to LightGBM: a table has a row for each subset of them. */
const MOST_FEATURES_OF_PATH = 13;

/** A tree as contributions need it. */
export interface ShapTree {
  readonly fields: TreeFields;
  /** Where all rows start: the mean of the leaves by training rows. */
  readonly expected: number;
}

/** Undefined for a tree that is not for here: linear, without counts, or with a path of too many features. */
export function shapTree(fields: TreeFields): ShapTree | undefined {
  const values = fields.get('leaf_value') ?? [];
  if (fields.get('is_linear')?.[0] === 1) return undefined;
  if (values.length === 1) return { fields, expected: values[0] ?? 0 };
  const leaves = fields.get('leaf_count') ?? [];
  const nodes = fields.get('internal_count') ?? [];
  const hasCounts = leaves.length === values.length && nodes.length === values.length - 1;
  if (!hasCounts || [...leaves, ...nodes].some((count) => count <= 0)) return undefined;
  if (longestPath(fields, 0, new Set()) > MOST_FEATURES_OF_PATH) return undefined;
  const total = nodes[0] ?? 0;
  const expected = values.reduce((sum, value, i) => sum + ((leaves[i] ?? 0) / total) * value, 0);
  return { fields, expected };
}

function longestPath(fields: TreeFields, node: number, above: ReadonlySet<number>): number {
  if (node < 0) return above.size;
  const features = new Set(above).add(at(fields, 'split_feature', node));
  return Math.max(
    longestPath(fields, at(fields, 'left_child', node), features),
    longestPath(fields, at(fields, 'right_child', node), features),
  );
}

const at = (fields: TreeFields, name: string, i: number): number => fields.get(name)?.[i] ?? 0;

/** A path from the root: its features, and for each the share of rows that go on if its splits are not asked. */
interface Path {
  readonly features: readonly number[];
  readonly zeros: readonly number[];
}

/**
 * Adds a tree's contributions for a block of rows to `sums`, a column of `rows` numbers for each feature. As TreeSHAP, but with all rows at
 * once: what a leaf adds depends only on which features of its path a row follows, and is worked out once for each such set.
 */
export function addContributions(
  { fields }: ShapTree,
  columns: readonly NumberColumn[],
  rows: number,
  sums: readonly Float64Array[],
): void {
  if ((fields.get('leaf_value')?.length ?? 0) < 2) return;
  const memory = blockMemory(rows);
  const walk = (node: number, depth: number, path: Path) => {
    const follows = memory.follows(depth);
    if (node < 0) {
      addLeaf(memory, at(fields, 'leaf_value', ~node), path, follows, sums);
      return;
    }
    const goesLeft = memory.goesLeft(depth);
    const feature = at(fields, 'split_feature', node);
    decide(fields, node, columns[feature] ?? [], goesLeft);
    for (const [name, side] of [
      ['left_child', 1],
      ['right_child', 0],
    ] as const) {
      const child = at(fields, name, node);
      const share = countOf(fields, child) / countOf(fields, node);
      const { slot, path: longer } = extended(path, feature, share);
      follow(
        follows,
        goesLeft,
        side,
        slot,
        slot === path.features.length,
        memory.follows(depth + 1),
      );
      walk(child, depth + 1, longer);
    }
  };
  memory.follows(0).fill(0);
  walk(0, 0, { features: [], zeros: [] });
}

const countOf = (fields: TreeFields, node: number): number =>
  node < 0 ? at(fields, 'leaf_count', ~node) : at(fields, 'internal_count', node);

function extended({ features, zeros }: Path, feature: number, share: number) {
  const slot = features.indexOf(feature);
  if (slot < 0) {
    const path = { features: [...features, feature], zeros: [...zeros, share] };
    return { slot: features.length, path };
  }
  return {
    slot,
    path: { features, zeros: zeros.map((zero, i) => (i === slot ? zero * share : zero)) },
  };
}

/** Sets or keeps the bit `slot` of rows that go to `side`. */
function follow(
  before: Uint16Array,
  goesLeft: Uint8Array,
  side: number,
  slot: number,
  isNew: boolean,
  after: Uint16Array,
): void {
  if (isNew) {
    const other = 1 - side;
    for (let i = 0; i < before.length; i += 1) {
      after[i] = (before[i] as number) | (((goesLeft[i] as number) ^ other) << slot);
    }
    return;
  }
  for (let i = 0; i < before.length; i += 1) {
    after[i] = (before[i] as number) & ~(((goesLeft[i] as number) ^ side) << slot);
  }
}

function decide(
  fields: TreeFields,
  node: number,
  values: ArrayLike<number>,
  goesLeft: Uint8Array,
): void {
  const decision = at(fields, 'decision_type', node);
  const threshold = at(fields, 'threshold', node);
  if ((decision & CATEGORICAL) !== 0) {
    decideCategory(fields, threshold, values, goesLeft);
    return;
  }
  const missing = missingTypeOf(decision);
  const byDefault = (decision & DEFAULT_LEFT) === 0 ? 0 : 1;
  const ofNan = missing === 0 ? Number(0 <= threshold) : byDefault;
  for (let i = 0; i < goesLeft.length; i += 1) {
    const value = values[i] as number;
    if (Number.isNaN(value)) goesLeft[i] = ofNan;
    else if (missing === ZERO_IS_MISSING && Math.abs(value) <= NEARLY_ZERO) goesLeft[i] = byDefault;
    else goesLeft[i] = value <= threshold ? 1 : 0;
  }
}

/** Categories of the set go left; the set has a bit for each, in words of 32. */
function decideCategory(
  fields: TreeFields,
  set: number,
  values: ArrayLike<number>,
  goesLeft: Uint8Array,
): void {
  const first = at(fields, 'cat_boundaries', set);
  const end = at(fields, 'cat_boundaries', set + 1);
  const words = (fields.get('cat_threshold') ?? []).slice(first, end);
  for (let i = 0; i < goesLeft.length; i += 1) {
    const category = Math.trunc(values[i] as number);
    const word = category >= 0 ? words[category >>> 5] : undefined;
    goesLeft[i] = word === undefined ? 0 : (word >>> (category & 31)) & 1;
  }
}

const table = new Float64Array(MOST_FEATURES_OF_PATH << MOST_FEATURES_OF_PATH);
const known = new Uint8Array(1 << MOST_FEATURES_OF_PATH);

function addLeaf(
  { weights }: ReturnType<typeof blockMemory>,
  value: number,
  { features, zeros }: Path,
  follows: Uint16Array,
  sums: readonly Float64Array[],
): void {
  const d = features.length;
  known.fill(0, 0, 1 << d);
  for (let i = 0; i < follows.length; i += 1) {
    const set = follows[i] as number;
    if (known[set] === 1) continue;
    known[set] = 1;
    leafContributions(value, zeros, set, weights(d), table);
  }
  for (const [slot, feature] of features.entries()) {
    addLookedUp(table.subarray(slot << d, (slot + 1) << d), follows, sums[feature] as Float64Array);
  }
}

/** Most of the time goes here: the numbers of one feature fit into the nearest memory. */
function addLookedUp(table: Float64Array, follows: Uint16Array, sum: Float64Array): void {
  for (let i = 0; i < follows.length; i += 1) {
    sum[i] = (sum[i] as number) + (table[follows[i] as number] as number);
  }
}

/** Arrays that one depth of a walk needs, made when it is first reached. */
function blockMemory(rows: number) {
  const memory = {
    follows: [] as Uint16Array[],
    goesLeft: [] as Uint8Array[],
    weights: [] as Float64Array[],
  };
  return {
    follows: (depth: number) => (memory.follows[depth] ??= new Uint16Array(rows)),
    goesLeft: (depth: number) => (memory.goesLeft[depth] ??= new Uint8Array(rows)),
    weights: (d: number) => (memory.weights[d] ??= shapleyWeights(d)),
  };
}
