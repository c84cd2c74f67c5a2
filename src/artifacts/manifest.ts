import type { MacroInfo, Manifest, Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { type EntryContext, nodeEntry, sourceEntry } from './manifest-node.ts';
import { type ArtifactContext, artifactMetadata, isoInstant } from './metadata.ts';

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
}

/** Kinds that dbt lists elsewhere than under `nodes`, with fields a Node does not have. */
const NOT_LISTED: ReadonlySet<string> = new Set(['source', 'unit_test', 'exposure', 'operation']);

/** manifest.json, valid against dbt's schema manifest v12. Pure. */
export function manifestArtifact(input: ManifestInput) {
  const { manifest, graph } = input;
  const nodes = [...manifest.nodes.values()];
  const macros = manifest.macros.map((macro) => macroEntry(macro, input.generatedAt / 1000));
  const context = entryContext(
    input,
    nodes,
    macros.map((macro) => macro.unique_id),
  );
  return {
    metadata: {
      ...artifactMetadata('manifest/v12', input),
      project_name: manifest.projectName,
      adapter_type: input.adapterType,
      send_anonymous_usage_stats: false,
      run_started_at: isoInstant(input.invocationStartedAt),
    },
    nodes: keyed(nodes.filter(isListed).map((node) => nodeEntry(node, context))),
    sources: keyed(nodes.filter(isSource).map((node) => sourceEntry(node, context))),
    macros: keyed(macros),
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: disabledEntries(manifest, context),
    parent_map: Object.fromEntries(nodes.map(({ id }) => [id, graph.parents(id)])),
    child_map: Object.fromEntries(nodes.map(({ id }) => [id, graph.children(id)])),
    group_map: groupMap(nodes),
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  };
}

/** What entries of this manifest need besides their nodes. */
export function entryContext(
  { graph, relationName, compiledCode, generatedAt }: ManifestInput,
  nodes: readonly Node[],
  macroIds: readonly string[],
): EntryContext {
  const family = ({ packageName, name }: Node) => `${packageName}.${name}`;
  const latest = new Map(
    nodes.flatMap((node) => (node.version?.latest ? [[family(node), node.version.label]] : [])),
  );
  return {
    parents: graph.parents,
    relationName,
    compiledCode,
    macroIds: new Set(macroIds),
    latestVersion: (node) => (node.version ? latest.get(family(node)) : undefined),
    createdAt: generatedAt / 1000,
  };
}

const isSource = ({ kind }: Node): boolean => kind === 'source';
const isListed = ({ kind }: Node): boolean => !NOT_LISTED.has(kind);

function macroEntry(macro: MacroInfo, createdAt: number) {
  return {
    name: macro.name,
    resource_type: 'macro',
    package_name: macro.packageName,
    path: macro.path,
    original_file_path: macro.path,
    unique_id: `macro.${macro.packageName}.${macro.name}`,
    macro_sql: macro.text,
    depends_on: { macros: [] },
    description: macro.description,
    meta: {},
    arguments: [],
    created_at: createdAt,
  };
}

/** dbt keeps a list for each id: a name may be disabled in several places. */
function disabledEntries({ disabled }: Manifest, context: EntryContext) {
  const entries: Record<string, readonly [ReturnType<typeof nodeEntry | typeof sourceEntry>]> = {};
  for (const node of disabled.values()) {
    if (isSource(node)) entries[node.id] = [sourceEntry(node, context)];
    else if (isListed(node)) entries[node.id] = [nodeEntry(node, context)];
  }
  return entries;
}

function groupMap(nodes: readonly Node[]): Record<string, NodeId[]> {
  const members: Record<string, NodeId[]> = {};
  for (const { id, config } of nodes) {
    const group = config['group'];
    if (typeof group !== 'string') continue;
    members[group] = [...(members[group] ?? []), id];
  }
  return members;
}

const keyed = <T extends { readonly unique_id: string }>(entries: readonly T[]) =>
  Object.fromEntries(entries.map((entry) => [entry.unique_id, entry]));
