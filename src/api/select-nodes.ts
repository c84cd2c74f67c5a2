import type { Emit } from '../core/events.ts';
import type { NodeId } from '../core/node.ts';
import type { Graph } from '../graph/build-graph.ts';
import { select } from '../graph/select.ts';

export interface SelectOptions {
  readonly select?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** The selected nodes; criteria that match nothing are told of, as dbt does. @throws ConfigError */
export function selectNodes(
  graph: Graph,
  { select: include = [], exclude = [] }: SelectOptions,
  emit: Emit,
): ReadonlySet<NodeId> {
  const { selected, unmatched } = select(graph, { select: include, exclude });
  for (const criterion of unmatched) {
    const message = `The selection criterion '${criterion}' does not match any enabled nodes`;
    emit({ type: 'warning', message });
  }
  return selected;
}
