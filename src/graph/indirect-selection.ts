import type { NodeId } from '../core/node.ts';
import type { Graph } from './build-graph.ts';

/**
 * Which tests of selected nodes are selected with them, in dbt's words. `eager`: all; `cautious`: those whose inputs are
 * all selected; `buildable`: those whose inputs are selected, above a selected node, or sources; `empty`: none.
 */
export type IndirectSelection = (typeof INDIRECT_SELECTIONS)[number];

export const INDIRECT_SELECTIONS = ['eager', 'cautious', 'buildable', 'empty'] as const;

interface SplitTests {
  readonly included: readonly NodeId[];
  /** Might be included once more is selected. */
  readonly waiting: readonly NodeId[];
}

/** Divides `tests`, each with an input in `selected`. */
export function splitTests(
  tests: readonly NodeId[],
  selected: ReadonlySet<NodeId>,
  graph: Graph,
  mode: IndirectSelection,
): SplitTests {
  if (mode === 'eager') return { included: tests, waiting: [] };
  if (mode === 'empty') return { included: [], waiting: [] };
  const above = mode === 'buildable' ? graph.ancestors(selected, Infinity) : new Set<NodeId>();
  const isThere = (id: NodeId) =>
    selected.has(id) ||
    above.has(id) ||
    (mode === 'buildable' && graph.nodes.get(id)?.kind === 'source');
  const isReady = (test: NodeId) => graph.parents(test).every(isThere);
  return { included: tests.filter(isReady), waiting: tests.filter((test) => !isReady(test)) };
}
