import type { PricingSettings } from './price-rows.ts';

/** Which version scores a row: an alias or a number, the champion of the row's date, or a model that did not see it. */
export type WantedVersion =
  | { readonly by: 'alias'; readonly alias: string }
  | { readonly by: 'number'; readonly number: number }
  | { readonly by: 'as_of' }
  | { readonly by: 'folds' };

/** What a score node is asked for, defaults filled in. */
export interface ScoreSettings {
  /** Name of a train node or of the registry, as it is written. */
  readonly model: string;
  readonly version: WantedVersion;
  readonly key: readonly string[];
  /** Column that dates the rows; undefined: they have no date. */
  readonly date: string | undefined;
  /** Columns of the SELECT that are kept beside the scores. */
  readonly keep: readonly string[];
  /** Reasons to give for each row, the strongest first; 0: none. */
  readonly explain: number;
  readonly pricing: PricingSettings | undefined;
}
