import { hashOf } from '../core/fingerprint.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { NodeStates } from '../core/node-state.ts';
import type { RowVersion } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';

/** Identity of a node's rows, and whether it can be trusted to tell them apart. */
export interface Version extends RowVersion {
  /** Whether its rows, or an input's, may change without velo seeing it. */
  readonly volatile: boolean;
}

/**
 * Version of every node, parents first. Equal versions mean equal rows: the version is a hash of the
 * node's fingerprint and its inputs' versions. An input this run does not build counts as it stands
 * in the warehouse, which may be older than its file.
 */
export function computeVersions(
  graph: Graph,
  isBuilt: (id: NodeId) => boolean,
  states: NodeStates,
): ReadonlyMap<NodeId, Version> {
  const versions = new Map<NodeId, Version>();
  for (const node of graph.order)
    versions.set(node.id, versionOf(node, graph, isBuilt, states, versions));
  return versions;
}

function versionOf(
  node: Node,
  graph: Graph,
  isBuilt: (id: NodeId) => boolean,
  states: NodeStates,
  versions: ReadonlyMap<NodeId, Version>,
): Version {
  const inputs: Record<string, string> = {};
  let volatile = node.volatile;
  for (const parent of graph.parents(node.id)) {
    const known = versions.get(parent);
    const stands =
      graph.nodes.get(parent)?.buildable && !isBuilt(parent) ? states.get(parent) : undefined;
    inputs[parent] = stands?.version ?? known?.version ?? '';
    volatile ||= known?.volatile ?? false;
  }
  return { version: hashOf([node.fingerprint, inputs]), inputs, volatile };
}
