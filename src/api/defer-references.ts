import type { RelationInfo } from '../adapters/adapter.ts';
import type { ManifestEntry } from '../artifacts/manifest-entries.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { type Graph, knownGraph } from '../graph/build-graph.ts';
import { deferFolder, type EarlierOptions } from './earlier-folder.ts';
import { readManifest } from './earlier-run.ts';
import type { LoadedProject } from './load-project.ts';
import { relationKey } from './relations.ts';

/**
 * The project with references to what is neither selected nor in the target pointing at what an earlier run built, where
 * that is asked for; with `--favor-state` all that is not selected is that of the earlier run.
 * @param relations what stands in the target
 * @throws ConfigError 'usage' without a folder, 'file-unreadable'
 */
export async function deferReferences(
  project: LoadedProject,
  selected: ReadonlySet<NodeId>,
  relations: () => Promise<readonly RelationInfo[]>,
  options: EarlierOptions,
): Promise<LoadedProject> {
  const { flags } = project.settings;
  if (!flags.defer) return project;
  const earlier = builtEarlier(project, options);
  const stands = new Set(
    flags.favorState ? [] : (await relations()).map(({ relation }) => relationKey(relation)),
  );
  const moved = new Map<NodeId, Node>();
  for (const [id, relation] of earlier) {
    const node = project.graph.nodes.get(id);
    if (!node?.relation || selected.has(id) || stands.has(relationKey(node.relation))) continue;
    moved.set(id, elsewhere(node, relation, project.adapterSettings.database));
  }
  return { ...project, graph: withNodes(project.graph, moved) };
}

/** What other nodes may refer to. */
const REFERABLE: ReadonlySet<unknown> = new Set(['model', 'seed', 'snapshot', 'function']);

/** Where an earlier run left what the project still has, by its id. @throws ConfigError 'usage', 'file-unreadable' */
export function builtEarlier(
  { graph, settings }: Pick<LoadedProject, 'graph' | 'settings'>,
  options: EarlierOptions,
): ReadonlyMap<NodeId, Relation> {
  const folder = deferFolder(options, settings);
  if (folder === undefined) {
    throw new ConfigError(
      'usage',
      '--state or --defer-state are required for deferral, but neither was provided',
      { hint: 'name the folder of the manifest.json to go by: --state <dir>' },
    );
  }
  const built = new Map<NodeId, Relation>();
  for (const [id, entry] of readManifest(folder).entries) {
    const node = graph.nodes.get(id as NodeId);
    const relation = REFERABLE.has(entry['resource_type']) ? relationOf(entry) : undefined;
    if (relation && node?.relation && node.materialized !== 'ephemeral')
      built.set(node.id, relation);
  }
  return built;
}

/** Undefined for what has no rows of its own, such as an ephemeral model. */
function relationOf(entry: ManifestEntry): Relation | undefined {
  const { relation_name: quoted, schema, alias, name, database } = entry;
  if (typeof quoted !== 'string' || typeof schema !== 'string') return undefined;
  const place = { schema, name: String(alias ?? name) };
  return typeof database === 'string' ? { database, ...place } : place;
}

/** A node whose rows others look after: they may change unseen, and whose dates they are is told by looking at them. */
function elsewhere(node: Node, relation: Relation, ownDatabase: string | undefined): Node {
  const { asOf, eventTime } = node;
  const inSchema = `${relation.schema}.${relation.name}`;
  const isOwn = relation.database === undefined || relation.database === ownDatabase;
  const others = {
    relation,
    place: isOwn ? inSchema : `${relation.database}.${inSchema}`,
    volatile: true,
    asOf: undefined,
    eventTime: asOf?.column ?? eventTime,
  };
  return Object.create(node, Object.getOwnPropertyDescriptors(others)) as Node;
}

function withNodes(graph: Graph, moved: ReadonlyMap<NodeId, Node>): Graph {
  const now = (node: Node) => moved.get(node.id) ?? node;
  const nodes = new Map(Array.from(graph.nodes, ([id, node]) => [id, now(node)]));
  return knownGraph(
    { nodes, projectName: graph.projectName },
    {
      parents: { get: graph.parents },
      children: { get: graph.children },
      order: () => graph.order.map(({ id }) => id),
      resolver: () => (from, reference) => now(graph.resolve(from, reference)),
    },
  );
}
