import type { Node, NodeId } from './node.ts';
import type { RowDifferences } from './row-differences.ts';
import type { Span } from './span.ts';

/**
 * How inputs are changed to see who looks at what nobody can know.
 * `permuted`: outcomes on and after the day change places within their day.
 * `morning`: what is known when the day begins: no later rows, and no outcomes of the day.
 */
export type Change = 'permuted' | 'morning';

/** Rows of a model that changed although nothing they may know had. */
export interface LeakFinding {
  readonly model: Node;
  /** First instant of the day, epoch milliseconds UTC. */
  readonly day: number;
  /** `unsteady`: they also differ between two builds of the same inputs, so nothing can be said. */
  readonly change: Change | 'unsteady';
  /** Left as they are, right after the change. */
  readonly differences: RowDifferences;
}

/** A column of a node; its name in lower case. */
export interface ColumnOf {
  readonly node: NodeId;
  readonly column: string;
}

/** How a column is made from one of an input, in one SELECT. */
export interface Passage {
  /** `rows`: it does not make the value, it decides which rows count. */
  readonly role: 'value' | 'rows';
  /** What it passes on the way, from the input on. */
  readonly places: readonly Span[];
  /** Time bounds on the way that let the day itself, or later ones, in. */
  readonly looseBounds: readonly Span[];
}

/** A column on a way, and how it was made from the one before; absent for the first. */
export interface PathStep extends ColumnOf {
  readonly by: Passage | undefined;
}

/** A model that saw what nobody could know. */
export interface Leak {
  readonly model: Node;
  /** Columns that changed; empty when rows only came or went. */
  readonly columns: readonly string[];
  /** Everything that shows it, in the order it was tried. */
  readonly findings: readonly LeakFinding[];
  /** The shortest way from an outcome, or from the date of later rows; undefined when none was found. */
  readonly path: readonly PathStep[] | undefined;
}

/** A column that an outcome reaches without a bound that keeps its own day out. */
export interface Suspicion {
  readonly model: Node;
  readonly column: string;
  readonly path: readonly PathStep[];
}

/** How inputs are changed, to see whether the model notices. */
export type Experiment = FutureExperiment | ShuffleExperiment;

/** On some days what nobody can know is changed: no row of these days may differ. */
export interface FutureExperiment {
  readonly kind: 'future';
  /** How many, or the days themselves: `2024-01-31`. */
  readonly dates: number | 'all' | readonly string[];
  readonly seed: number;
}

/** Outcomes are shuffled within groups: no feature may tell the label that comes of it. */
export interface ShuffleExperiment {
  readonly kind: 'shuffle';
  /** Column of the model that is 1 where it came true, else 0; rows where it is NULL are left out. */
  readonly label: string;
  /** Column of the model whose equal values make a group. */
  readonly group: string;
  /** What that column may be called in inputs: the first one an input has. */
  readonly groupInInputs: readonly string[];
  /** How many days are built, up to the newest that has outcomes. */
  readonly days: number;
  /** How surely a model without a leak passes, over all its columns together. */
  readonly confidence: number;
  readonly seed: number;
}
