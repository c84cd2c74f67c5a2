import type { RelationInfo, RelationType } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Graph } from '../graph/build-graph.ts';
import { auditSchema } from '../state/audit.ts';
import { statePlace } from '../state/ledger-schema.ts';
import type { LoadedProject } from './load-project.ts';

/** Every schema the project's nodes and failing rows stand in. */
export function schemasOf({ graph, adapter, adapterSettings }: LoadedProject): string[] {
  const schemas = [...graph.nodes.values()].flatMap(({ relation }) => relation?.schema ?? []);
  const failing = auditSchema(adapter.dialect, statePlace(adapterSettings));
  return [...new Set([adapterSettings.schema, failing, ...schemas])].sort();
}

/** One relation by its name. Names are compared without case, as the engines do. */
export const relationKey = ({ schema, name }: Relation): string =>
  `${schema}.${name}`.toLowerCase();

/** What stands under each node's name. */
export function existingRelations(
  graph: Graph,
  relations: readonly RelationInfo[],
): Map<NodeId, RelationType> {
  const types = new Map(relations.map(({ relation, type }) => [relationKey(relation), type]));
  const existing = new Map<NodeId, RelationType>();
  for (const node of graph.nodes.values()) {
    const type = node.relation && types.get(relationKey(node.relation));
    if (type && node.buildable) existing.set(node.id, type);
  }
  return existing;
}

/** Whether a node's relation stands there as the kind it should be. */
export const standsAs = (node: Node, existing: ReadonlyMap<NodeId, RelationType>): boolean =>
  existing.get(node.id) === (node.storesRows ? 'table' : 'view');
