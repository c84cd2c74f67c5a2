import { type Comparison, compareEntries, type Exception, joined } from './comparison.ts';

type Manifest = Readonly<Record<string, unknown>>;
type Entries = Readonly<Record<string, unknown>>;

const KEYED = [
  'nodes',
  'sources',
  'macros',
  'docs',
  'exposures',
  'metrics',
  'groups',
  'selectors',
  'saved_queries',
  'semantic_models',
  'unit_tests',
  'functions',
  'parent_map',
  'child_map',
  'group_map',
];

/** What the records leave out of a manifest. */
const DBT_OWN = /^(macro|doc)\.dbt(_duckdb|_postgres)?\./;

/** Values that are never compared. */
const IGNORED: readonly Exception[] = [
  { section: '*', path: 'created_at', reason: 'a time' },
  { section: 'metadata', path: 'generated_at', reason: 'a time' },
  { section: 'metadata', path: 'run_started_at', reason: 'a time' },
  { section: 'metadata', path: 'invocation_started_at', reason: 'a time' },
  { section: 'metadata', path: 'invocation_id', reason: 'another one each call' },
  { section: 'nodes', path: 'root_path', reason: 'an absolute path' },
];

/** Compares two manifests section by section, id by id and field by field. */
export function compareManifests(dbt: Manifest, velo: Manifest): Comparison {
  const sections = [...KEYED.map((name) => [name, entriesOf(dbt[name]), entriesOf(velo[name])])];
  const parts: readonly (readonly [string, Entries, Entries])[] = [
    ['metadata', { metadata: dbt['metadata'] }, { metadata: velo['metadata'] }],
    ...(sections as [string, Entries, Entries][]),
    ['disabled', disabledOf(dbt), disabledOf(velo)],
  ];
  return joined(
    parts.map(([section, theirs, ours]) => compareEntries(section, theirs, ours, IGNORED)),
  );
}

function entriesOf(section: unknown): Entries {
  const entries = Object.entries((section ?? {}) as Entries);
  return Object.fromEntries(entries.filter(([id]) => !DBT_OWN.test(id)));
}

/** A name may be disabled in several places: each is an entry. */
function disabledOf(manifest: Manifest): Entries {
  const lists = Object.entries((manifest['disabled'] ?? {}) as Record<string, unknown[]>);
  return Object.fromEntries(
    lists.flatMap(([id, list]) => list.map((entry, at) => [at === 0 ? id : `${id}#${at}`, entry])),
  );
}
