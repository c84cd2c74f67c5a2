import { createHash } from 'node:crypto';
import type { Group, Manifest, Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { ExtraCte } from '../core/result.ts';
import type { EntryContext } from './entry-parts.ts';
import { type ColumnLineage, LINEAGE_FILE } from './lineage.ts';
import { nodeEntry } from './manifest-node.ts';
import {
  docEntry,
  exposureEntry,
  groupEntry,
  macroEntry,
  metricEntry,
  savedQueryEntry,
  semanticModelEntry,
  sourceEntry,
  unitTestEntry,
} from './manifest-resource.ts';
import { type ArtifactContext, artifactMetadata, isoInstant } from './metadata.ts';
import { testedKeys } from './primary-key.ts';
import { selectorDefinition } from './selector-definition.ts';

/** Direct neighbours of a node; a Graph is one. */
export interface Lineage {
  parents(id: NodeId): readonly NodeId[];
  children(id: NodeId): readonly NodeId[];
}

export interface ManifestInput extends ArtifactContext {
  readonly manifest: Manifest;
  readonly graph: Lineage;
  readonly adapterType: string;
  /** The quoted name, as the dialect writes it. */
  readonly relationName: (relation: Relation) => string;
  /** The rendered SQL of a node; undefined when it was not rendered. */
  readonly compiledCode: (id: NodeId) => string | undefined;
  /** Ephemeral models that code holds. */
  readonly extraCtes?: ((id: NodeId) => readonly ExtraCte[]) | undefined;
  /** Which columns columns are made of; undefined: nobody looked. */
  readonly lineage?: ColumnLineage | undefined;
  /** Absolute folder of the project. */
  readonly projectDir?: string | undefined;
  /** The target folder as compiled files are named by: `target` when absent. */
  readonly targetPath?: string | undefined;
}

type Entry = Readonly<Record<string, unknown>>;
type EntryOf = (node: Node, context: EntryContext) => Entry;

/** Sections outside of `nodes`, and how their entries are made. */
const SECTIONS = {
  sources: { kind: 'source', entry: sourceEntry },
  exposures: { kind: 'exposure', entry: exposureEntry },
  metrics: { kind: 'metric', entry: metricEntry },
  saved_queries: { kind: 'saved_query', entry: savedQueryEntry },
  semantic_models: { kind: 'semantic_model', entry: semanticModelEntry },
  unit_tests: { kind: 'unit_test', entry: unitTestEntry },
  functions: { kind: 'function', entry: nodeEntry },
} as const satisfies Readonly<Record<string, { kind: string; entry: EntryOf }>>;

type Section = keyof typeof SECTIONS | 'nodes';

const SECTION_OF_KIND: ReadonlyMap<string, keyof typeof SECTIONS> = new Map(
  Object.entries(SECTIONS).map(([name, { kind }]) => [kind, name as keyof typeof SECTIONS]),
);

/** manifest.json, valid against dbt's schema manifest v12. One pass over the nodes. Pure. */
export function manifestArtifact(input: ManifestInput) {
  const context = entryContext(input);
  const frame = manifestFrame(input, context);
  const ids = [...input.manifest.nodes.keys()];
  frame.parent_map = edgeMap(ids, input.graph.parents);
  frame.child_map = edgeMap(ids, input.graph.children);
  for (const node of input.manifest.nodes.values()) {
    frame[sectionOf(node.kind)][node.id] = entryOf(node, context);
  }
  return frame;
}

export const sectionOf = (kind: string): Section => SECTION_OF_KIND.get(kind) ?? 'nodes';

type EdgeMap = Readonly<Record<string, readonly NodeId[]>>;

/** The value of parent_map or child_map. */
export function edgeMap(ids: readonly NodeId[], neighbours: Lineage['parents']): EdgeMap {
  const map: Record<string, readonly NodeId[]> = {};
  for (const id of ids) map[id] = inOrder(neighbours(id));
  return map;
}

/** A manifest without the entries of its nodes, and with its maps of parents and children still empty. */
export function manifestFrame(input: ManifestInput, context: EntryContext) {
  const { manifest } = input;
  const { nodes, sources, exposures, metrics, ...others } = emptySections();
  return {
    metadata: {
      ...artifactMetadata('manifest/v12', input),
      ...(input.lineage && { env: { velo_lineage: LINEAGE_FILE } }),
      project_name: manifest.projectName,
      project_id: createHash('md5').update(manifest.projectName).digest('hex'),
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: input.adapterType,
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: isoInstant(input.invocationStartedAt),
    },
    nodes,
    sources,
    macros: keyed(manifest.macros.map((macro) => macroEntry(macro, context.createdAt))),
    docs: keyed(manifest.docs.map(docEntry)),
    exposures,
    metrics,
    groups: keyed(manifest.groups.map(groupEntry)),
    selectors: selectorEntries(manifest),
    disabled: disabledEntries(manifest, context),
    parent_map: {} as EdgeMap,
    child_map: {} as EdgeMap,
    group_map: groupMap(manifest),
    ...others,
  };
}

function groupMap({ groups, nodes }: Manifest): Record<string, readonly NodeId[]> {
  const map = emptyGroups(groups);
  // Without groups no node has to be looked into.
  if (groups.length === 0) return map;
  for (const node of nodes.values()) {
    const group = groupOf(node);
    if (group !== undefined) map[group]?.push(node.id);
  }
  return map;
}

/** The entry of a node, whichever section it belongs to. */
export const entryOf: EntryOf = (node, context) => {
  const section = SECTION_OF_KIND.get(node.kind);
  return (section === undefined ? nodeEntry : SECTIONS[section].entry)(node, context);
};

const emptySections = (): Record<Section, Record<string, Entry>> => ({
  nodes: {},
  sources: {},
  exposures: {},
  metrics: {},
  saved_queries: {},
  semantic_models: {},
  unit_tests: {},
  functions: {},
});

/**
 * What entries of this manifest need besides their nodes.
 * @param some the nodes whose entries are made and their tests; all when absent
 */
export function entryContext(input: ManifestInput, some?: readonly Node[]): EntryContext {
  const { manifest, graph, relationName, compiledCode, extraCtes, generatedAt } = input;
  return {
    parents: graph.parents,
    nodeOf: (id) => manifest.nodes.get(id),
    relationName,
    compiledCode,
    extraCtes,
    testedKey: testedKeys(some ?? manifest.nodes.values(), manifest.disabled.values()),
    columnsFrom: (id) => input.lineage?.models.get(id),
    projectDir: input.projectDir,
    targetPath: input.targetPath ?? 'target',
    createdAt: generatedAt / 1000,
  };
}

const inOrder = (ids: readonly NodeId[]): readonly NodeId[] =>
  ids.length < 2 ? ids : [...ids].sort();

/** Every group a node names is declared; dbt lists one without members, too. */
const emptyGroups = (groups: readonly Group[]): Record<string, NodeId[]> =>
  Object.fromEntries(groups.map(({ name }) => [name, []]));

/** A test is in the group of the node it was written for. */
function groupOf({ config, extra }: Node): string | undefined {
  const group = extra?.['group'] ?? config['group'];
  return typeof group === 'string' ? group : undefined;
}

const selectorEntries = ({ selectors }: Manifest) =>
  Object.fromEntries(
    Object.entries(selectors).map(([name, written]) => {
      const { definition, ...rest } = written as Readonly<Record<string, unknown>>;
      return [name, { ...rest, definition: selectorDefinition(definition) }];
    }),
  );

/** dbt keeps a list for each id: a name may be disabled in several places. */
function disabledEntries({ disabled }: Manifest, context: EntryContext) {
  const entries: Record<string, readonly [Entry]> = {};
  for (const node of disabled.values()) entries[node.id] = [entryOf(node, context)];
  return entries;
}

const keyed = <T extends { readonly unique_id: string }>(entries: readonly T[]) =>
  Object.fromEntries(entries.map((entry) => [entry.unique_id, entry]));
