import type { Excerpt } from './excerpt.ts';
import type { Interval } from './interval.ts';
import type { NodeId } from './node.ts';
import type { Dates } from './node-state.ts';

export type ReasonCode =
  | 'new'
  | 'missing-relation'
  | 'asked'
  | 'gap'
  | 'lookback'
  | 'late-rows'
  | 'restate'
  | 'code-changed'
  | 'input-changed'
  | 'volatile'
  | 'full-refresh'
  | 'test-pending';

/** Why a step is built: a code for programs, a few words for people. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/**
 * One node's part of a plan.
 * `replace`: the whole relation is made anew; otherwise only `batches` change.
 * `batches`: the as_of ranges, one statement each, in order, or the batches of a microbatch model; empty for other nodes.
 * `checks`: the tests that run on the new data before it is published.
 */
export interface PlanStep {
  readonly node: NodeId;
  readonly action: 'build' | 'reuse';
  readonly after: readonly NodeId[];
  readonly replace: boolean;
  readonly batches: readonly Interval[];
  /** Batches of a microbatch model that an earlier run has done, for a run that does the others again. */
  readonly batchesBefore?: readonly Interval[] | undefined;
  readonly reasons: readonly Reason[];
  readonly checks: readonly NodeId[];
  /** Those of them that look at the whole relation and not only at the batches. */
  readonly checksOfAll: readonly NodeId[];
  /** Of an as_of node that is built. */
  readonly asOf?: AsOfStep | undefined;
  /** What it will come to, from past runs; absent where there are none. */
  readonly estimate?: Estimate | undefined;
}

/** What the plan of an as_of node says besides its batches. */
export interface AsOfStep {
  /** How its dates become statements, and why so. */
  readonly strategy: 'set-based' | 'chunked' | 'sequential';
  readonly strategyWhy: string;
  /** Dates that stay finished though others, or the code, are no longer what they were; undefined: all stay. */
  readonly keeps: readonly Interval[] | undefined;
  /** What {@link NodeState.epoch} will be. */
  readonly epoch: string;
  /** It is made anew and comes to what it was: who reads it need not follow. */
  readonly sameRows: boolean;
  /** Late rows are left for another run: what has been seen of the inputs stays what it was. */
  readonly ignoresLate: boolean;
}

export interface Estimate {
  readonly rows: number | undefined;
  readonly durationMs: number | undefined;
}

/** Identity of a node's rows: its fingerprint and its inputs' versions, hashed. Equal versions mean equal rows. */
export interface RowVersion {
  readonly version: string;
  /** Version of each direct input, by its id. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Which dates a test looks at whose node, or whose inputs, show those of as_of nodes (`as_of` of views and tests). */
export interface Judging {
  /** The as_of nodes whose dates it judges. */
  readonly nodes: readonly NodeId[];
  /** All dates there are, as the plan leaves them. */
  readonly holds: readonly Interval[];
  /** From the first to the last date it has not passed on; undefined: it looks at everything. */
  readonly dates: Interval | undefined;
}

/** What will happen. Plain data: printable, diffable, testable without a database. */
export interface Plan {
  /** End of what is asked for, exclusive, epoch milliseconds UTC. */
  readonly asOfEnd: number;
  /** What is read of inputs; all when absent. */
  readonly excerpt?: Excerpt | undefined;
  /** Each after all it waits for. */
  readonly steps: readonly PlanStep[];
  /** Selected nodes that are told of and never built, such as exposures. */
  readonly noted?: readonly NodeId[] | undefined;
  /** What the rows of each planned node and test will be. */
  readonly versions: ReadonlyMap<NodeId, RowVersion>;
  /** Dated inputs that may have changed and were not compared: the plan may build too little until they are. */
  readonly toMeasure: readonly NodeId[];
  /** Version of each input of an as_of node whose rows carry dates; what it is known by once it was compared. */
  readonly dated: ReadonlyMap<NodeId, { readonly version: string; readonly code: string }>;
  /** Finished dates of as_of nodes whose rows are out of date and are left so (`--no-late`). */
  readonly leftStale: ReadonlyMap<NodeId, readonly Interval[]>;
  /** What was found different in those that were compared. */
  readonly measured: ReadonlyMap<NodeId, Dates>;
  /** Tests that judge the dates of what they, or the view they are written for, show. */
  readonly judging: ReadonlyMap<NodeId, Judging>;
}
