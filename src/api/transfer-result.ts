import type { VeloError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { CheckOutcome } from '../nodes/check-outcome.ts';
import type { MatchedColumns } from '../transfer/match-columns.ts';
import type { Sample } from '../transfer/sample-changes.ts';
import type { LeftTest } from './test-staged.ts';

/** Who is told how it goes on. */
export interface TransferWatcher {
  previewed(table: TransferPreview): void;
  rows(node: Node, rows: number, total: number): void;
  finished(table: TransferredTable): void;
}

/** What a transfer of one table would do. */
export interface TransferPreview {
  readonly node: Node;
  readonly relation: Relation;
  readonly rowsHere: number;
  /** Undefined: there is no such table yet. */
  readonly rowsThere: number | undefined;
  readonly columns: MatchedColumns;
  /** What part of the table is sent, in words: `2 of 800 days`; undefined: all of it. */
  readonly part: string | undefined;
  /** Rows that are sent. */
  readonly rowsToSend: number;
  readonly sample: Sample | undefined;
}

export interface TransferredTable {
  readonly node: Node;
  readonly relation: Relation;
  /** `previewed`: a look only. `same`: nothing differs. `refused`: its tests failed. `left`: not begun. */
  readonly status: 'done' | 'same' | 'previewed' | 'refused' | 'error' | 'left';
  readonly rows: number;
  readonly durationMs: number;
  readonly checks: readonly CheckOutcome[];
  readonly leftTests: readonly LeftTest[];
  readonly error: VeloError | undefined;
}
