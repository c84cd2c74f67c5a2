import type { VeloError } from '../core/errors.ts';
import type { Excerpt } from '../core/excerpt.ts';
import { type Interval, mergeIntervals } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { ChangeLogs, Dates, NodeStates } from '../core/node-state.ts';
import type { AsOfStep, Judging, PlanStep, Reason } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { BatchSize } from './batching.ts';
import type { MicrobatchInput } from './microbatch.ts';
import type { Version } from './versions.ts';

export interface PlanInput {
  readonly graph: Graph;
  readonly selection: ReadonlySet<NodeId>;
  /** States as the ledger has them. */
  readonly states: NodeStates;
  /** Changes of dated inputs as the ledger has them. */
  readonly changes: ChangeLogs;
  /** How often people moved an alias of a trained model, by its name. */
  readonly modelMoves: ReadonlyMap<string, number>;
  /** Dates of dated inputs that were compared and found different from what the ledger has seen. */
  readonly measured: ReadonlyMap<NodeId, Dates>;
  /** Whether a node's relation stands in the warehouse, as the kind it should be. */
  readonly exists: (node: Node) => boolean;
  /** End of what is asked for, exclusive, epoch milliseconds UTC. */
  readonly asOfEnd: number;
  /** Nothing before it is asked for (`velo backfill --from`). */
  readonly asOfStart: number | undefined;
  /** Dates to build again though they are finished (`--restate`). */
  readonly restate: Interval | undefined;
  /** Dates that late rows touch are left as they are (`--no-late`). */
  readonly ignoreLate: boolean;
  readonly fullRefresh: boolean;
  /** False: what is up to date is built again, but for dates of as_of models that are finished. */
  readonly reuse: boolean;
  readonly batchSize: BatchSize | undefined;
  readonly microbatch: MicrobatchInput;
  /** What is read of inputs; all when absent. */
  readonly excerpt?: Excerpt | undefined;
  /** Bytes a statement of `batch_size: auto` may take; undefined: as many as it likes. */
  readonly budgetBytes: number | undefined;
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
  readonly asOf?: AsOfStep | undefined;
  /** Of a test: the dates it looks at and those of which nodes; absent where it is not judged so. */
  readonly judging?: Judging | undefined;
  /** Why it must not be built at all. */
  readonly refused?: VeloError | undefined;
}

/** What one node needs, before it is put in order. */
export interface Need extends Decision {
  readonly node: Node;
  readonly version: Version;
}

/** The dates an as_of node holds once its step is done. */
export const rangesAfter = (
  { replace, batches, asOf }: Pick<Decision, 'replace' | 'batches' | 'asOf'>,
  before: readonly Interval[] = [],
): Interval[] => mergeIntervals([...(replace ? [] : (asOf?.keeps ?? before)), ...batches]);

/** Nothing is to be done. */
export const REUSE: Decision = { action: 'reuse', replace: false, batches: [], reasons: [] };
