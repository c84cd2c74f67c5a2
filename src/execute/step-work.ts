import type { Connection } from '../adapters/adapter.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { NodeState } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import type { CheckOutcome } from '../nodes/check-outcome.ts';
import type { BuildOutcome } from '../nodes/node-kind.ts';
import type { FailingRows } from './failing-rows.ts';
import type { Doubt } from './separability-doubts.ts';
import type { Session } from './session.ts';

/** Thrown inside a transaction so that it is rolled back; caught in build-node.ts. */
export class NotPublished extends Error {
  readonly failing: readonly FailingRows[];

  constructor(message: string, failing: readonly FailingRows[]) {
    super(message);
    this.failing = failing;
  }
}

/** One step on its way. */
export interface Work {
  readonly node: Node;
  readonly step: PlanStep;
  readonly session: Session;
  readonly connection: Connection;
  /** All batches share one transaction: readers see the old relation until the last one. */
  readonly inOnePiece: boolean;
  /** What the ledger said of it before. */
  readonly before: NodeState | undefined;
  /** Change counters of its dated inputs as they are read now. */
  readonly seen: Readonly<Record<string, number>>;
  /** What speaks against building several dates at once; undefined when nobody asks. */
  readonly doubts: readonly Doubt[] | undefined;
  readonly progress: Progress;
}

/** What has been done of it so far. */
export interface Progress {
  rows: number | undefined;
  /** Rows of the whole relation. */
  totalRows: number | undefined;
  message: string;
  compiledCode: string | undefined;
  checks: ReadonlyMap<NodeId, CheckOutcome>;
  /** What is to be told once it is committed, or was not to be. */
  told: readonly NonNullable<BuildOutcome['tell']>[];
  /** Tables of failing rows that were dropped and not yet committed. */
  dropped: readonly string[];
}

export interface Batch {
  readonly interval: Interval | undefined;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}
