import type { LengthOfTime } from '../core/length-of-time.ts';
import type { Span } from '../core/span.ts';
import type { PermutationSettings } from './permutation-settings.ts';
import type { TuneSettings } from './tune-settings.ts';

/** What a train node is asked for, defaults filled in. */
export interface TrainSettings {
  /** Name in the registry. */
  readonly name: string;
  readonly estimator: string;
  readonly objective: string;
  readonly target: string;
  /** Column that dates the rows. */
  readonly eventTime: string;
  readonly group: string | undefined;
  readonly weight: string | undefined;
  readonly price: string | undefined;
  readonly key: readonly string[];
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
  readonly split: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  /** Parameters that are looked for before the model is trained; undefined: none. */
  readonly tune: TuneSettings | undefined;
  /** How features are shuffled once the model has passed; undefined: not at all. */
  readonly permutation: PermutationSettings | undefined;
  readonly rounds: number;
  readonly earlyStopping: number;
  readonly calibration: string | Readonly<Record<string, unknown>>;
  readonly normaliseWithin: string | undefined;
  readonly seed: number;
  readonly gate: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** New rows alone train it again only when they are so much later; undefined: whenever a row differs. */
  readonly retrainAfter: LengthOfTime | undefined;
  readonly refit: boolean;
  /** Where the node says so, for errors. */
  readonly span: Span;
}
