import { manifestArtifact } from '../artifacts/manifest.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import { RESOURCE_KINDS } from '../core/resource-kinds.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface ListOptions extends ApiOptions, SelectOptions {
  /** Kinds to list; `all` and `default` (all but analyses) are known as well. */
  readonly resourceTypes?: readonly string[] | undefined;
  readonly excludeResourceTypes?: readonly string[] | undefined;
}

export interface Listed {
  /** In the order of their ids, as dbt lists them. */
  readonly nodes: readonly Node[];
  /** What manifest.json says of a listed node. */
  entryOf(id: NodeId): Readonly<Record<string, unknown>>;
}

/** The selected nodes. Loads no database driver. @throws ConfigError, VeloErrors */
export async function list(options: ListOptions): Promise<Listed> {
  const project = await loadProject(options);
  const isAsked = kindFilter(project, options);
  const selected = selectNodes(project, options);
  const nodes = [...selected]
    .flatMap((id) => project.graph.nodes.get(id) ?? [])
    .filter(({ kind }) => isAsked(kind))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (nodes.length === 0) project.warn('No nodes selected!');
  let entries: ReadonlyMap<string, Readonly<Record<string, unknown>>> | undefined;
  return {
    nodes,
    entryOf(id) {
      entries ??= manifestEntries(project);
      return entries.get(id) ?? {};
    },
  };
}

const GROUPS: ReadonlySet<string> = new Set(['all', 'default']);

function kindFilter(
  { graph }: LoadedProject,
  { resourceTypes = [], excludeResourceTypes = [] }: ListOptions,
): (kind: string) => boolean {
  const asked = [...resourceTypes, ...excludeResourceTypes];
  const isUsual = (kind: string) => kind !== 'analysis';
  if (asked.length === 0) return isUsual;
  const known = new Set<string>(RESOURCE_KINDS);
  for (const { kind } of graph.nodes.values()) known.add(kind);
  const unknown = asked.find((type) => !known.has(type) && !GROUPS.has(type));
  if (unknown !== undefined) {
    throw new ConfigError('usage', `'${unknown}' is no resource type`, {
      hint: `known: ${[...known, ...GROUPS].join(', ')}`,
    });
  }
  const all = [...known];
  const usual = all.filter(isUsual);
  const kindsOf = (type: string) => (type === 'all' ? all : type === 'default' ? usual : [type]);
  const included = new Set(resourceTypes.length === 0 ? usual : resourceTypes.flatMap(kindsOf));
  const excluded = new Set(excludeResourceTypes.flatMap(kindsOf));
  return (kind) => included.has(kind) && !excluded.has(kind);
}

/** All entries of the manifest by their ids, whatever section they stand in. */
function manifestEntries(project: LoadedProject) {
  const manifest = manifestArtifact(manifestInput(project));
  const { nodes, sources, exposures, metrics, functions } = manifest;
  const { saved_queries, semantic_models, unit_tests } = manifest;
  const sections = [nodes, sources, exposures, metrics, functions];
  const all = [...sections, saved_queries, semantic_models, unit_tests];
  type Entry = Readonly<Record<string, unknown>>;
  return new Map(all.flatMap((section) => Object.entries(section as Record<string, Entry>)));
}
