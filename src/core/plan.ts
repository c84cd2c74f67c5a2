import type { Interval } from './interval.ts';
import type { NodeId } from './node.ts';

export type ReasonCode =
  | 'new'
  | 'missing-relation'
  | 'asked'
  | 'gap'
  | 'lookback'
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
}

/** Identity of a node's rows: its fingerprint and its inputs' versions, hashed. Equal versions mean equal rows. */
export interface RowVersion {
  readonly version: string;
  /** Version of each direct input, by its id. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What will happen. Plain data: printable, diffable, testable without a database. */
export interface Plan {
  /** End of what is asked for, exclusive, epoch milliseconds UTC. */
  readonly asOfEnd: number;
  /** Each after all it waits for. */
  readonly steps: readonly PlanStep[];
  /** What the rows of each planned node and test will be. */
  readonly versions: ReadonlyMap<NodeId, RowVersion>;
}
