import type { VeloError, VeloErrors } from './errors.ts';
import type { Interval } from './interval.ts';
import type { NodeId } from './node.ts';
import type { Relation } from './relation.ts';

/** dbt's words for what became of a node. `reused`: nothing to do; `no-op`: it is nothing that is built; `partial success`: some batches of a microbatch failed. */
export type NodeStatus =
  | 'success'
  | 'partial success'
  | 'error'
  | 'skipped'
  | 'reused'
  | 'no-op'
  | 'pass'
  | 'warn'
  | 'fail';

export interface NodeResult {
  readonly node: NodeId;
  readonly status: NodeStatus;
  /** What dbt prints in brackets or beneath the line: `INSERT 3`, `Got 2 results, configured to fail if != 0`. */
  readonly message: string;
  /** Rows a test found; undefined for other nodes. */
  readonly failures: number | undefined;
  /** The table that keeps the rows a test found; absent when they are kept nowhere. */
  readonly keptIn?: Relation | undefined;
  /** Rows written; undefined where the engine does not say. */
  readonly rows: number | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** 1-based slot of the scheduler that ran it. */
  readonly thread: number;
  readonly error: VeloError | VeloErrors | undefined;
  /** The SQL as last rendered, for artifacts and target/compiled. */
  readonly compiledCode: string | undefined;
  /** What became of each batch of a microbatch model, and those an earlier run had done. */
  readonly batches?: readonly BatchResult[] | undefined;
}

export type BatchStatus = 'success' | 'error' | 'skipped';

export interface BatchResult {
  readonly interval: Interval;
  readonly status: BatchStatus;
  readonly compiledCode: string | undefined;
}

/** The result of a node that was not run. */
export const untouched = (
  node: NodeId,
  status: 'reused' | 'skipped' | 'no-op',
  message: string,
  startedAt: number,
): NodeResult => ({
  node,
  status,
  message,
  failures: undefined,
  rows: undefined,
  startedAt,
  durationMs: 0,
  thread: 0,
  error: undefined,
  compiledCode: undefined,
});

export const FAILED: ReadonlySet<NodeStatus> = new Set(['error', 'fail', 'partial success']);

export interface RunResult {
  readonly results: readonly NodeResult[];
  readonly elapsedMs: number;
  readonly interrupted: boolean;
}

/** An ephemeral model as the CTE of another, as dbt's manifest has it. */
export interface ExtraCte {
  readonly id: NodeId;
  readonly sql: string;
}
