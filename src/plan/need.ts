import { type Interval, mergeIntervals } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { NodeStates } from '../core/node-state.ts';
import type { PlanStep, Reason } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { BatchSize } from './batching.ts';
import type { MicrobatchInput } from './microbatch.ts';
import type { Version } from './versions.ts';

export interface PlanInput {
  readonly graph: Graph;
  readonly selection: ReadonlySet<NodeId>;
  /** States as the ledger has them. */
  readonly states: NodeStates;
  /** Whether a node's relation stands in the warehouse, as the kind it should be. */
  readonly exists: (node: Node) => boolean;
  /** End of what is asked for, exclusive, epoch milliseconds UTC. */
  readonly asOfEnd: number;
  readonly fullRefresh: boolean;
  readonly batchSize: BatchSize | undefined;
  readonly microbatch: MicrobatchInput;
  /** Tests that passed on the same rows are not run again; `velo test` runs all. */
  readonly reuseTests: boolean;
}

/** What is to be done about a node. */
export interface Decision {
  readonly action: PlanStep['action'];
  readonly replace: boolean;
  readonly batches: PlanStep['batches'];
  readonly batchesBefore?: PlanStep['batchesBefore'];
  readonly reasons: readonly Reason[];
}

/** What one node needs, before it is put in order. */
export interface Need extends Decision {
  readonly node: Node;
  readonly version: Version;
}

/** The dates an as_of node holds once its step is done. */
export const rangesAfter = (
  { replace, batches }: Pick<Decision, 'replace' | 'batches'>,
  before: readonly Interval[] = [],
): Interval[] => mergeIntervals([...(replace ? [] : before), ...batches]);

/** Nothing is to be done. */
export const REUSE: Decision = { action: 'reuse', replace: false, batches: [], reasons: [] };
