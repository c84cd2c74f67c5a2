import type { Listed } from '../../api/list.ts';
import type { Node } from '../../core/node.ts';
import { pythonJson } from '../terminal/python-json.ts';

type Entry = Readonly<Record<string, unknown>>;

/** How dbt names a node that stands in YAML, before its name. */
const MARKED: ReadonlySet<string> = new Set([
  ...['source', 'exposure', 'metric', 'saved_query', 'semantic_model', 'unit_test'],
]);

/** What selects the node: `shop.staging.stg_orders`, `source:shop.feed.visits`, `exposure:shop.board`. */
function selectorLine({ kind, fqn, packageName, name }: Node): string {
  if (!MARKED.has(kind)) return fqn.join('.');
  const place = kind === 'source' ? fqn.slice(-2) : [name];
  return `${kind}:${[packageName, ...place].join('.')}`;
}

function nameLine({ kind, fqn, name, version }: Node, entry: () => Entry): string {
  if (kind === 'source') return fqn.slice(-2).join('.');
  // A unit test of a version is known by its version, and listed under the name it was given.
  if (kind === 'unit_test') return String(entry()['name'] ?? name);
  return version ? `${name}.v${version.label}` : name;
}

const IDENTITY = ['name', 'resource_type', 'package_name', 'original_file_path', 'unique_id'];

/** Keys of each kind in the order dbt prints them. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  model: ['alias', 'config', 'tags', 'depends_on', 'direct_parents'],
  source: ['source_name', 'tags', 'config'],
  exposure: ['tags', 'config', 'depends_on'],
  metric: ['config', 'depends_on', 'tags'],
  saved_query: ['config', 'depends_on', 'tags'],
  semantic_model: ['depends_on', 'config'],
  unit_test: ['depends_on', 'config'],
};
const USUAL_KEYS = ['alias', 'config', 'tags', 'depends_on'];

/** What the manifest says of a node, as one line of JSON; `keys` may lead into it: `config.materialized`. */
function jsonLine(entry: Entry, keys: readonly string[]): string {
  const kind = String(entry['resource_type']);
  const listed = keys.length > 0 ? keys : [...IDENTITY, ...(KEYS[kind] ?? USUAL_KEYS)];
  const members = listed.flatMap((key) => {
    const value = key === 'direct_parents' ? parentsOf(entry) : valueAt(entry, key.split('.'));
    return value === undefined ? [] : [[key, value] as const];
  });
  return pythonJson(Object.fromEntries(members));
}

const parentsOf = (entry: Entry): unknown => valueAt(entry, ['depends_on', 'nodes']);

function valueAt(entry: Entry, path: readonly string[]): unknown {
  let at: unknown = entry;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Entry)[key];
  }
  return at;
}

/** A line for a node in each format of `velo ls`. */
export const FORMATS: Readonly<
  Record<string, (node: Node, listed: Listed, keys: readonly string[]) => string>
> = {
  selector: selectorLine,
  name: (node, listed) => nameLine(node, () => listed.entryOf(node.id)),
  path: ({ path }) => path,
  json: (node, listed, keys) => jsonLine(listed.entryOf(node.id), keys),
};
