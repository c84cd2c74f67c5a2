import { type Split, splitOf } from './split-decision.ts';
import type { TreeFields } from './tree-text.ts';

/** A state of a clump has so many bits: its table of one feature fits into the nearest memory. */
const MOST_BITS = 10;
/** Of a single leaf, for which no table is too large that is smaller than what the rows take. */
const MOST_BITS_OF_LEAF = 14;
/** Bits of a set of features. */
const MOST_FEATURES_OF_PATH = 30;

/**
 * A tree, cut into parts. A fork hands rows on to both sides with a set: the features whose splits the row has followed so
 * far. A clump is a subtree whose outcomes are few: the set above it and the answers to its splits are one state. A deep leaf has
 * too many features above it for a table of all sets.
 */
export type Part = Fork | Clump | DeepLeaf;

export interface Fork {
  readonly kind: 'fork';
  readonly split: Split;
  /** Place of its feature on the path. */
  readonly slot: number;
  /** No split above asks this feature. */
  readonly isNew: boolean;
  readonly left: Part;
  readonly right: Part;
}

export interface Clump {
  readonly kind: 'clump';
  /** How many bits of a state, the lowest, are the set above. */
  readonly above: number;
  /** Their answers are the bits after those: 1 is left. */
  readonly splits: readonly Split[];
  readonly leaves: readonly ClumpLeaf[];
  /** All features its leaves say something of. */
  readonly features: readonly number[];
}

export interface ClumpLeaf {
  readonly value: number;
  /** For each feature of the path the share of the training rows that would go on if only its splits were not asked. */
  readonly zeros: readonly number[];
  /** For each its place among the clump's features, and the bits of a state that are set, or not, where a row follows it. */
  readonly slots: readonly number[];
  readonly set: readonly number[];
  readonly unset: readonly number[];
}

export interface DeepLeaf {
  readonly kind: 'deep';
  readonly value: number;
  readonly features: readonly number[];
  readonly zeros: readonly number[];
}

/** What has been asked on the way to a node. */
interface Path {
  readonly features: readonly number[];
  readonly zeros: readonly number[];
}

/** Undefined where a path has too many features. */
export function shapParts(fields: TreeFields): Part | undefined {
  const tree = {
    fields,
    at: (name: string, i: number): number => fields.get(name)?.[i] ?? 0,
  };
  return partOf(tree, 0, { features: [], zeros: [] });
}

interface Tree {
  readonly fields: TreeFields;
  at(name: string, i: number): number;
}

function partOf(tree: Tree, node: number, path: Path): Part | undefined {
  const above = path.features.length;
  if (above > MOST_FEATURES_OF_PATH) return undefined;
  const most = node < 0 ? MOST_BITS_OF_LEAF : MOST_BITS;
  if (above + splitsBelow(tree, node) <= most) return clumpOf(tree, node, path);
  if (node < 0) return { kind: 'deep', value: tree.at('leaf_value', ~node), ...path };
  const split = splitOf(tree.fields, node);
  const slot = slotOf(path, split.feature);
  const [left, right] = SIDES.map(([name]) => {
    const child = tree.at(name, node);
    return partOf(tree, child, extended(tree, path, node, child));
  });
  return left && right && { kind: 'fork', split, slot, isNew: slot === above, left, right };
}

const SIDES = [
  ['left_child', 'set'],
  ['right_child', 'unset'],
] as const;

const splitsBelow = (tree: Tree, node: number): number =>
  node < 0
    ? 0
    : 1 +
      splitsBelow(tree, tree.at('left_child', node)) +
      splitsBelow(tree, tree.at('right_child', node));

function slotOf({ features }: Path, feature: number): number {
  const slot = features.indexOf(feature);
  return slot < 0 ? features.length : slot;
}

/** The path with one split more, to `child` of `node`. */
function extended(tree: Tree, path: Path, node: number, child: number): Path {
  const countOf = (of: number) =>
    of < 0 ? tree.at('leaf_count', ~of) : tree.at('internal_count', of);
  const share = countOf(child) / countOf(node);
  const feature = tree.at('split_feature', node);
  const slot = slotOf(path, feature);
  return {
    features: slot === path.features.length ? [...path.features, feature] : path.features,
    zeros:
      slot === path.features.length
        ? [...path.zeros, share]
        : path.zeros.map((zero, i) => (i === slot ? zero * share : zero)),
  };
}

function clumpOf(tree: Tree, root: number, path: Path): Clump {
  const above = path.features.length;
  const splits: Split[] = [];
  const leaves: ClumpLeaf[] = [];
  const features = [...path.features];
  const walk = (node: number, own: Path, bits: Pick<ClumpLeaf, 'set' | 'unset'>) => {
    if (node < 0) {
      const slots = own.features.map((feature) => features.indexOf(feature));
      leaves.push({ value: tree.at('leaf_value', ~node), zeros: own.zeros, slots, ...bits });
      return;
    }
    const split = splitOf(tree.fields, node);
    const bit = 1 << (above + splits.length);
    splits.push(split);
    if (!features.includes(split.feature)) features.push(split.feature);
    const slot = slotOf(own, split.feature);
    for (const [name, side] of SIDES) {
      const child = tree.at(name, node);
      const longer = { set: padded(bits.set, slot), unset: padded(bits.unset, slot) };
      longer[side][slot] = (longer[side][slot] ?? 0) | bit;
      walk(child, extended(tree, own, node, child), longer);
    }
  };
  walk(root, path, { set: path.features.map((_, i) => 1 << i), unset: path.features.map(() => 0) });
  return { kind: 'clump', above, splits, leaves, features };
}

/** A copy that reaches up to `slot`. */
const padded = (bits: readonly number[], slot: number): number[] =>
  slot < bits.length ? [...bits] : [...bits, 0];

/** The set of features that a row in this state follows to a leaf. */
export function followed({ set, unset }: ClumpLeaf, state: number): number {
  let follows = 0;
  for (let i = 0; i < set.length; i += 1) {
    const wanted = set[i] as number;
    if ((state & wanted) === wanted && (state & (unset[i] as number)) === 0) follows |= 1 << i;
  }
  return follows;
}
