import type { RowGroups } from '../core/row-groups.ts';

/** How rows are cut, as the config writes it; lengths such as '120 days' or '6 months', in whole calendar days. */
export interface SplitSpec {
  /** A name of the registry: walk_forward, expanding, purged, group_k_fold. */
  readonly strategy: string;
  readonly folds: number;
  /** Length of each validation block; absent: the days are cut in folds + 1 equal parts, the first only trained on. */
  readonly validation?: string | undefined;
  /** Length of the training window, which moves with the fold; absent: everything before. */
  readonly train?: string | undefined;
  /** Days left out between what is trained on and what is judged; none unless said. */
  readonly gap?: string | undefined;
  /** Length of the last period, which no fold sees; none unless said. */
  readonly test?: string | undefined;
}

/** What is split, one entry a row. */
export interface SplitColumns {
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  /** What must not be cut: the race. Absent: every row may stand alone. */
  readonly group?: ArrayLike<number | bigint | string> | undefined;
}

/** Row numbers, ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** `development`: all rows the last model may be trained on, which ends a gap before the test. */
export interface Split {
  readonly folds: readonly Fold[];
  readonly development: Int32Array;
  readonly test: Int32Array;
}

/** Days `from` ≤ day < `to`. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** Rows before the test, with what a strategy needs of them. */
export interface Development {
  readonly rows: Int32Array;
  readonly days: DayRange;
  readonly columns: SplitColumns;
  readonly groups: RowGroups | undefined;
}

export type SplitSetting = 'validation' | 'train' | 'gap';

/** A way of cutting. Adding one: a file, and a line in index.ts. */
export interface SplitStrategy {
  readonly name: string;
  /** Settings besides folds and test that mean something to it, and those it cannot be without. */
  readonly takes: readonly SplitSetting[];
  readonly needs: readonly (SplitSetting | 'group')[];
  readonly leastFolds: 1 | 2;
  /** Folds in the order they are trained. Raises ProjectError too-few-days. */
  folds(development: Development, spec: SplitSpec): readonly Fold[];
}
