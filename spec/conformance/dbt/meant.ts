/** Calls that differ on purpose, by their cause. The guide (docs/guides/coming-from-dbt.md) has the same causes. */
export interface MeantDifference {
  readonly why: string;
  readonly calls: readonly number[];
}

export const MEANT: readonly MeantDifference[] = [];
