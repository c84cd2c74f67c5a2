import type { Graph } from '../graph/build-graph.ts';
import type { Warn } from './warn.ts';

/** Warns, as dbt does, of microbatch models that read all rows of their inputs for each batch. */
export function warnOfUnfilteredInputs(graph: Graph, warn: Warn): void {
  for (const node of graph.nodes.values()) {
    // What is asked first is at hand; the rest of a node is read from the cache.
    if (node.materialized !== 'incremental' || !node.microbatch) continue;
    const inputs = graph.parents(node.id).flatMap((parent) => graph.nodes.get(parent) ?? []);
    if (inputs.some(({ config }) => typeof config['event_time'] === 'string')) continue;
    warn(
      `The microbatch model '${node.name}' has no 'ref' or 'source' input with an 'event_time' configuration. \nThis means no filtering can be applied and can result in unexpected duplicate records in the resulting microbatch model.`,
      node.span,
    );
  }
}
