import type { ManifestEntry } from './manifest-entries.ts';

/** Parts of a resource that can change by themselves, under the names `state:modified.<part>` has for them. */
export const PARTS = ['body', 'configs', 'persisted_descriptions', 'relation', 'contract'] as const;

export type Part = (typeof PARTS)[number];

type IsSame = (now: ManifestEntry, then: ManifestEntry) => boolean;

/** How a kind of resource is compared: its parts, and what of it belongs to no part. */
interface Comparison {
  readonly parts: Partial<Readonly<Record<Part, IsSame>>>;
  readonly rest: IsSame;
}

/** Whether a part differs; kinds without such a part do not differ in it. Both entries are as JSON has them. */
export function differsIn(part: Part, now: ManifestEntry, then: ManifestEntry): boolean {
  const isSame = comparisonOf(now).parts[part];
  return isSame !== undefined && !isSame(now, then);
}

/** Whether anything differs that says what the resource is: no paths, and no words that are kept nowhere. */
export function differs(now: ManifestEntry, then: ManifestEntry): boolean {
  const { parts, rest } = comparisonOf(now);
  return !rest(now, then) || Object.values(parts).some((isSame) => !isSame(now, then));
}

/** Whether a resource of this kind has the part. */
export const hasPart = (part: Part, now: ManifestEntry): boolean =>
  comparisonOf(now).parts[part] !== undefined;

const same =
  (...fields: readonly string[]): IsSame =>
  (now, then) =>
    fields.every((field) => isEqual(now[field], then[field]));

const sameCode = same('raw_code');
const sameName = same('fqn');

/** What is said of relations counts where it is written into the database. */
const samePersisted: IsSame = (now, then) => {
  const { relation, columns } = recordOf(recordOf(now['config'])['persist_docs']);
  if (relation && !isEqual(now['description'], then['description'])) return false;
  return !columns || isEqual(columnWords(now), columnWords(then));
};

const columnWords = ({ columns }: ManifestEntry): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(recordOf(columns)).map(([name, column]) => [
      name,
      recordOf(column)['description'],
    ]),
  );

const PLACES = ['database', 'schema', 'alias'];

/** As it is written: what a target makes of it is no change. */
const samePlace: IsSame = (now, then) =>
  PLACES.every((key) => isEqual(setting(now, key), setting(then, key)));

/** They say where rows are, or how nodes are found. */
const NO_CONFIGS: ReadonlySet<string> = new Set([...PLACES, 'tags', 'group']);

/** Settings as they are written, templates and all: another variable or environment is no change. */
const sameConfigs: IsSame = (now, then) => {
  const [before, after] = [then, now].map((entry) =>
    Object.entries(recordOf(entry['unrendered_config']))
      .filter(([key]) => !NO_CONFIGS.has(key))
      .map(([key, value]) => [key, saidOnce(value)] as const),
  );
  return isEqual(Object.fromEntries(before ?? []), Object.fromEntries(after ?? []));
};

/** dbt adds lists of YAML to themselves when it reads an entry again. */
function saidOnce(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  const half = value.slice(0, value.length / 2);
  return isEqual([...half, ...half], value) ? half : value;
}

/** What decides whether a test passes. */
const TEST_CONFIGS = [
  ...['severity', 'where', 'limit', 'fail_calc', 'warn_if', 'error_if'],
  ...['store_failures', 'store_failures_as', 'only_new_failures'],
];

const sameTestConfigs: IsSame = (now, then) =>
  TEST_CONFIGS.every((key) => isEqual(setting(now, key), setting(then, key)));

const setting = (entry: ManifestEntry, key: string): unknown =>
  recordOf(entry['unrendered_config'])[key];

const sameContract: IsSame = (now, then) => {
  const [after, before] = [now, then].map(({ contract }) => recordOf(contract));
  const isEnforced = after?.['enforced'] === true;
  if (isEnforced !== (before?.['enforced'] === true)) return false;
  return !isEnforced || after?.['checksum'] === before?.['checksum'];
};

const NODE: Comparison = {
  parts: {
    body: sameCode,
    configs: sameConfigs,
    persisted_descriptions: samePersisted,
    relation: samePlace,
    contract: sameContract,
  },
  rest: sameName,
};

const SEED: Comparison = {
  ...NODE,
  parts: { ...NODE.parts, body: same('checksum') },
};

/** A generic test is what its name says: with other arguments it is another. */
const TEST: Comparison = { parts: { body: sameCode, configs: sameTestConfigs }, rest: sameName };

const SOURCE: Comparison = {
  parts: { configs: sameConfigs, relation: same('database', 'schema', 'identifier') },
  rest: same('fqn', 'quoting', 'freshness', 'loaded_at_field', 'loaded_at_query', 'external'),
};

const EXPOSURE: Comparison = {
  parts: { configs: sameConfigs },
  rest: (now, then) =>
    same('fqn', 'type', 'owner', 'maturity', 'url', 'description', 'label')(now, then) &&
    isEqual(recordOf(now['depends_on'])['nodes'], recordOf(then['depends_on'])['nodes']),
};

const UNIT_TEST: Comparison = { parts: {}, rest: same('fqn', 'checksum') };

const FUNCTION: Comparison = {
  parts: { body: sameCode, configs: sameConfigs, relation: samePlace },
  rest: same('fqn', 'arguments', 'returns', 'type'),
};

/** Of the semantic layer all is compared but where it stands and when it was read. */
const INCIDENTAL: ReadonlySet<string> = new Set([
  ...['path', 'original_file_path', 'created_at', 'metadata', 'node_relation', 'tags'],
  ...['unrendered_config', 'depends_on', 'refs', 'doc_blocks', 'config', 'meta'],
]);

const LAYER: Comparison = {
  parts: { configs: sameConfigs },
  rest: (now, then) =>
    [...new Set([...Object.keys(now), ...Object.keys(then)])].every(
      (key) => INCIDENTAL.has(key) || isEqual(now[key], then[key]),
    ),
};

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  seed: SEED,
  test: TEST,
  source: SOURCE,
  exposure: EXPOSURE,
  unit_test: UNIT_TEST,
  function: FUNCTION,
  metric: LAYER,
  semantic_model: LAYER,
  saved_query: LAYER,
};

const comparisonOf = (entry: ManifestEntry): Comparison =>
  COMPARISONS[String(entry['resource_type'])] ?? NODE;

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** Absent is null, and keys have no order. */
function isEqual(one: unknown, other: unknown): boolean {
  const [a, b] = [one ?? null, other ?? null];
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [recordOf(a), recordOf(b)];
  if (Array.isArray(a) && a.length !== (b as readonly unknown[]).length) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    isEqual(left[key], right[key]),
  );
}
