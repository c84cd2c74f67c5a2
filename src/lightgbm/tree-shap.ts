import {
  type Clump,
  type DeepLeaf,
  type Fork,
  followed,
  type Part,
  shapParts,
} from './shap-parts.ts';
import { leafContributions, shapleyWeights } from './shapley-table.ts';
import { decide } from './split-decision.ts';
import type { TreeFields } from './tree-text.ts';

/** A tree as contributions need it. */
export interface ShapTree {
  /** Where all rows start: the mean of the leaves by training rows. */
  readonly expected: number;
  /** Undefined: a single leaf, which is in `expected`. */
  readonly root: Part | undefined;
}

/** Undefined for a tree that is not for here: linear, without counts, or with a path of too many features. */
export function shapTree(fields: TreeFields): ShapTree | undefined {
  const values = fields.get('leaf_value') ?? [];
  if (fields.get('is_linear')?.[0] === 1) return undefined;
  if (values.length === 1) return { expected: values[0] ?? 0, root: undefined };
  const leaves = fields.get('leaf_count') ?? [];
  const nodes = fields.get('internal_count') ?? [];
  const hasCounts = leaves.length === values.length && nodes.length === values.length - 1;
  if (!hasCounts || [...leaves, ...nodes].some((count) => count <= 0)) return undefined;
  const total = nodes[0] ?? 0;
  const expected = values.reduce((sum, value, i) => sum + ((leaves[i] ?? 0) / total) * value, 0);
  const root = shapParts(fields);
  return root && { expected, root };
}

/** Rows that go through a tree together: their sets and states stay in the nearest memory. */
const ROWS_AT_ONCE = 2048;

/**
 * Adds a tree's contributions for `rows` rows to `sums`, a column for each feature. As TreeSHAP, but with many rows at once:
 * what a clump of leaves adds depends only on the state a row comes to it in, and is worked out once for each.
 */
export function addContributions(
  { root }: ShapTree,
  columns: readonly Float64Array[],
  rows: number,
  sums: readonly Float64Array[],
): void {
  if (!root) return;
  const known: Known = new Map();
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const block = { columns, sums, from, count: Math.min(ROWS_AT_ONCE, rows - from), known };
    const sets = arrays(0).left;
    sets.fill(0);
    add(root, block, sets, 1);
  }
}

interface Block {
  readonly columns: readonly Float64Array[];
  readonly sums: readonly Float64Array[];
  readonly from: number;
  readonly count: number;
  readonly known: Known;
}

/** What has been worked out for a part: for each feature the numbers of all states, or for each set those of its features. */
type Known = Map<Part, ClumpTable | Map<number, Float64Array>>;

interface ClumpTable {
  readonly isKnown: Uint8Array;
  readonly effects: readonly Float64Array[];
}

function add(part: Part, block: Block, sets: Int32Array, depth: number): void {
  if (part.kind === 'clump') addClump(part, block, sets);
  else if (part.kind === 'deep') addDeepLeaf(part, block, sets);
  else addFork(part, block, sets, depth);
}

/** Arrays of one depth, kept: a tree after the other needs them. */
const kept: { readonly left: Int32Array; readonly right: Int32Array }[] = [];
const goesLeft = new Uint8Array(ROWS_AT_ONCE);
const states = new Int32Array(ROWS_AT_ONCE);

function arrays(depth: number) {
  const found = kept[depth] ?? {
    left: new Int32Array(ROWS_AT_ONCE),
    right: new Int32Array(ROWS_AT_ONCE),
  };
  kept[depth] = found;
  return found;
}

function addFork(
  { split, slot, isNew, left: leftPart, right: rightPart }: Fork,
  block: Block,
  sets: Int32Array,
  depth: number,
): void {
  const { columns, from, count } = block;
  const { left, right } = arrays(depth);
  decide(split, columns[split.feature] as Float64Array, from, count, goesLeft);
  // A set that has the feature already loses it on the side the row does not go to, one that has not gains it on the other.
  const all = isNew ? 0 : 1 << slot;
  const one = 1 << slot;
  for (let i = 0; i < count; i += 1) {
    const set = sets[i] as number;
    const goes = (goesLeft[i] as number) << slot;
    left[i] = (set & (goes | ~all)) | (goes & ~all);
    right[i] = (set & ((goes ^ one) | ~all)) | ((goes ^ one) & ~all);
  }
  add(leftPart, block, left, depth + 1);
  add(rightPart, block, right, depth + 1);
}

function addClump(clump: Clump, block: Block, sets: Int32Array): void {
  const { columns, sums, from, count, known } = block;
  const table = (known.get(clump) as ClumpTable | undefined) ?? clumpTable(clump);
  known.set(clump, table);
  states.set(sets);
  for (const [j, split] of clump.splits.entries()) {
    decide(split, columns[split.feature] as Float64Array, from, count, goesLeft);
    setBits(states, goesLeft, clump.above + j, count);
  }
  for (let i = 0; i < count; i += 1) {
    const state = states[i] as number;
    if (table.isKnown[state] === 0) workOut(clump, table, state);
  }
  for (const [slot, feature] of clump.features.entries()) {
    const sum = (sums[feature] as Float64Array).subarray(from, from + count);
    addLookedUp(table.effects[slot] as Float64Array, sum);
  }
}

function setBits(into: Int32Array, bits: Uint8Array, place: number, count: number): void {
  for (let i = 0; i < count; i += 1) {
    into[i] = (into[i] as number) | ((bits[i] as number) << place);
  }
}

/** Most of the time goes here. */
function addLookedUp(effects: Float64Array, sum: Float64Array): void {
  for (let i = 0; i < sum.length; i += 1) {
    sum[i] = (sum[i] as number) + (effects[states[i] as number] as number);
  }
}

function clumpTable({ above, splits, features }: Clump): ClumpTable {
  const size = 1 << (above + splits.length);
  const effects = features.map(() => new Float64Array(size));
  return { isKnown: new Uint8Array(size), effects };
}

const effectsOfLeaf = new Float64Array(64);

function workOut({ leaves }: Clump, { isKnown, effects }: ClumpTable, state: number): void {
  isKnown[state] = 1;
  for (const leaf of leaves) {
    const { value, zeros, slots } = leaf;
    const follows = followed(leaf, state);
    leafContributions(value, zeros, follows, shapleyWeights(zeros.length), effectsOfLeaf);
    for (let f = 0; f < slots.length; f += 1) {
      const effect = effects[slots[f] as number] as Float64Array;
      effect[state] = (effect[state] as number) + (effectsOfLeaf[f] as number);
    }
  }
}

function addDeepLeaf(leaf: DeepLeaf, block: Block, sets: Int32Array): void {
  const { sums, from, count, known } = block;
  const { value, features, zeros } = leaf;
  const bySet = (known.get(leaf) as Map<number, Float64Array> | undefined) ?? new Map();
  known.set(leaf, bySet);
  const own = features.map((feature) => sums[feature] as Float64Array);
  for (let i = 0; i < count; i += 1) {
    const set = sets[i] as number;
    let effects: Float64Array | undefined = bySet.get(set);
    if (!effects) {
      effects = new Float64Array(features.length);
      leafContributions(value, zeros, set, shapleyWeights(zeros.length), effects);
      bySet.set(set, effects);
    }
    for (let f = 0; f < own.length; f += 1) {
      const sum = own[f] as Float64Array;
      sum[from + i] = (sum[from + i] as number) + (effects[f] as number);
    }
  }
}
