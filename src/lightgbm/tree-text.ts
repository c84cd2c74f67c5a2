const NUMBER = /^-?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|nan|inf)$/i;
const WHOLE = /^-?\d{1,10}$/;
const CATEGORICAL = 1;
/** Smaller numbers than this, but 0, LightGBM's parser takes for an error that ends the process. */
const SMALLEST = 2 ** -1022;

/** Names whose numbers LightGBM reads as real ones; all others are whole. */
const REAL =
  /^(?:shrinkage|split_gain|threshold|leaf_value|leaf_weight|leaf_const|leaf_coeff|internal_value|internal_weight)$/;

/** LightGBM reads no more lines of a tree. */
const MOST_LINES = 22;

/** Numbers of a tree by their name. */
export type TreeFields = ReadonlyMap<string, readonly number[]>;

/** What is wrong with the text of tree `index` of a model with so many features; undefined when LightGBM can read it safely. */
export function checkTree(text: string, index: number, features: number): string | undefined {
  const [title, ...lines] = text.replace(/\n+$/, '').split('\n');
  if (title !== `Tree=${index}`) return 'it does not begin where the head says';
  if (!text.endsWith('\n\n')) return 'it does not end where the head says';
  if (lines.length > MOST_LINES) return 'it has too many lines';
  const fields = fieldsOf(lines);
  if (typeof fields === 'string') return fields;
  return checkCounts(fields) ?? checkNodes(fields, features) ?? checkCategories(fields);
}

/** The numbers of a tree that has been checked. */
export function treeFields(text: string): TreeFields {
  const fields = fieldsOf(text.replace(/\n+$/, '').split('\n').slice(1));
  if (typeof fields === 'string') throw new Error(fields);
  return fields;
}

/** A text says what is wrong. */
function fieldsOf(lines: readonly string[]): TreeFields | string {
  const fields = new Map<string, number[]>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    const name = line.slice(0, equals);
    const isNumber = REAL.test(name) ? isReal : isWhole;
    const words = line
      .slice(equals + 1)
      .split(' ')
      .filter((word) => word !== '');
    if (equals < 1 || !words.every(isNumber)) return `'${name}' has what is no number`;
    fields.set(name, words.map(realOf));
  }
  return fields;
}

/** `inf` and `nan` are what C writes. */
const realOf = (word: string): number =>
  Number(/^-?inf$/i.test(word) ? word.replace(/inf/i, 'Infinity') : word);

const isWhole = (word: string): boolean => WHOLE.test(word);

function isReal(word: string): boolean {
  if (!NUMBER.test(word)) return false;
  const size = Math.abs(Number(word));
  return Number.isNaN(size) || size === 0 || (size >= SMALLEST && Number.isFinite(size));
}

const ONCE = ['num_leaves', 'num_cat', 'shrinkage'];
const PER_NODE = ['left_child', 'right_child', 'split_feature', 'threshold'];
const MAYBE_PER_NODE = [
  'split_gain',
  'decision_type',
  'internal_value',
  'internal_weight',
  'internal_count',
];
const MAYBE_PER_LEAF = ['leaf_weight', 'leaf_count', 'leaf_const', 'num_features'];

/** Each list is as long as the tree is large. */
function checkCounts(fields: TreeFields): string | undefined {
  const alone = ONCE.find((name) => fields.get(name)?.length !== 1);
  if (alone !== undefined) return `'${alone}' is not one number`;
  const [leaves = 0] = fields.get('num_leaves') ?? [];
  if (leaves < 1) return 'it has no leaves';
  const isLinear = fields.get('is_linear')?.[0] === 1;
  // A tree that never split has a value and nothing else.
  if (leaves === 1 && !isLinear) return wrongLength(fields, 'leaf_value', 1);
  const linear = (fields.get('num_features') ?? []).reduce((sum, number) => sum + number, 0);
  const expected = new Map([
    ['leaf_value', leaves],
    ...PER_NODE.map((name) => [name, leaves - 1] as const),
    ...MAYBE_PER_NODE.filter((name) => fields.has(name)).map((name) => [name, leaves - 1] as const),
    ...MAYBE_PER_LEAF.filter((name) => fields.has(name)).map((name) => [name, leaves] as const),
    ...(isLinear
      ? (['leaf_features', 'leaf_coeff'] as const).map((name) => [name, linear] as const)
      : []),
  ]);
  for (const [name, length] of expected) {
    const fault = wrongLength(fields, name, length);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function wrongLength(fields: TreeFields, name: string, length: number): string | undefined {
  const found = fields.get(name)?.length ?? 0;
  return found === length ? undefined : `'${name}' has ${found} numbers instead of ${length}`;
}

/** A child is a leaf (its complement) or a later node: LightGBM numbers nodes as it splits, so that there is no way back. */
function checkNodes(fields: TreeFields, features: number): string | undefined {
  const leaves = fields.get('leaf_value')?.length ?? 0;
  const isFeature = (feature: number) =>
    Number.isInteger(feature) && feature >= 0 && feature < features;
  for (const name of ['left_child', 'right_child']) {
    for (const [node, child] of (fields.get(name) ?? []).entries()) {
      const isNode = child > node && child < leaves - 1;
      const isLeaf = child < 0 && -child <= leaves;
      if (!Number.isInteger(child) || !(isNode || isLeaf)) return `'${name}' leads to no node`;
    }
  }
  const used = ['split_feature', 'leaf_features'].flatMap((name) => fields.get(name) ?? []);
  return used.every(isFeature) ? undefined : 'it uses a feature that the model does not have';
}

/** A node that divides categories names, by its threshold, a set: the bits of `cat_threshold` between two `cat_boundaries`. */
function checkCategories(fields: TreeFields): string | undefined {
  const [sets = 0] = fields.get('num_cat') ?? [];
  const thresholds = fields.get('threshold') ?? [];
  const types = fields.get('decision_type') ?? [];
  const isSet = (threshold: number | undefined) =>
    threshold !== undefined && Number.isInteger(threshold) && threshold >= 0 && threshold < sets;
  if (types.some((type, i) => (type & CATEGORICAL) !== 0 && !isSet(thresholds[i]))) {
    return 'a node divides categories that are not there';
  }
  if (sets === 0) return undefined;
  const boundaries = fields.get('cat_boundaries') ?? [];
  const ascending = boundaries.every(
    (bound, i) => Number.isInteger(bound) && bound >= (boundaries[i - 1] ?? 0),
  );
  const bits = fields.get('cat_threshold') ?? [];
  const isWhole = boundaries.length === sets + 1 && boundaries[0] === 0 && ascending;
  return isWhole && boundaries[sets] === bits.length ? undefined : 'its sets of categories differ';
}
