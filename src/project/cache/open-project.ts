import type { Manifest, Node } from '../../core/node.ts';
import type { Graph } from '../../graph/build-graph.ts';
import type { OpenCache } from './cache-index.ts';
import type { RestOfManifest } from './make-index.ts';
import { type NodeTable, nodeTable } from './node-table.ts';
import { tableGraph } from './table-graph.ts';

/** A project as a table holds it. */
export interface TableProject {
  readonly manifest: Manifest;
  readonly graph: Graph;
  /** Models with a deprecation date. */
  readonly deprecated: readonly Node[];
  /** State of the cache that holds just this; undefined when none does. */
  readonly savedAs?: string | undefined;
  readonly update?: ProjectUpdate | undefined;
}

/** How a project came out of a cache. */
export interface ProjectUpdate {
  /** State of the cache before. */
  readonly from: string;
  /** For each node the number it had in the cache before; -1: it was read anew. */
  readonly rowsBefore: readonly number[];
  /** Whether the nodes are the same, and all have the parents they had. */
  readonly hasSameEdges: boolean;
}

/** The project of a cache, when nothing has changed. */
export function openProject(projectName: string, { index, readDetail }: OpenCache): TableProject {
  const nodes = nodeTable(index.nodes, readDetail);
  const disabled = nodeTable(index.disabled, readDetail);
  return tableProject(projectName, nodes, disabled, () => restOf({ index, readDetail }));
}

export const restOf = ({ index, readDetail }: OpenCache): RestOfManifest => {
  const { segment, offset, length } = index.rest;
  return readDetail(segment, offset, length) as RestOfManifest;
};

export function tableProject(
  projectName: string,
  nodes: NodeTable,
  disabled: NodeTable,
  readRest: () => RestOfManifest,
): TableProject {
  let known: RestOfManifest | undefined;
  const rest = () => (known ??= readRest());
  const manifest: Manifest = {
    projectName,
    nodes: nodes.nodes,
    disabled: disabled.nodes,
    get macros() {
      return rest().macros;
    },
    get docs() {
      return rest().docs;
    },
    get groups() {
      return rest().groups;
    },
    get warnings() {
      return rest().warnings;
    },
    get selectors() {
      return rest().selectors;
    },
  };
  return {
    manifest,
    graph: tableGraph(manifest, nodes, disabled),
    deprecated: nodes.columns.deprecated.map(nodes.nodeAt),
  };
}
