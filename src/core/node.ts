import type { AsOf } from './as-of.ts';
import type { InputWindow } from './length-of-time.ts';
import type { Microbatch } from './microbatch.ts';
import type { Relation } from './relation.ts';
import type { Span } from './span.ts';

/** dbt's unique_id: `model.velo.trainer_velocity`, `source.velo.hk.runs`, `test.velo.not_null_….1a2b3c`. */
export type NodeId = string & { readonly __brand: 'NodeId' };

export const nodeId = (...parts: readonly string[]): NodeId => parts.join('.') as NodeId;

/**
 * A name a node mentions, and where. `path` is dbt's: ['runs'], ['package', 'runs'] or ['source', 'table']; a version
 * is part of the name: ['runs.v2'].
 */
export interface Reference {
  readonly kind: 'ref' | 'source' | 'metric' | 'function';
  readonly path: readonly string[];
  readonly span: Span;
  /** How far an as_of model sees into it, of each mention; absent when one of them has no bound. */
  readonly windows?: readonly InputWindow[] | undefined;
}

/** A documented column. */
export interface ColumnInfo {
  readonly name: string;
  readonly description: string;
  readonly dataType: string | undefined;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  /**
   * Known only after its row's event: in every row, or in those that fulfil a SQL condition. False: known before,
   * although it is made from what is not.
   */
  readonly outcome?: boolean | string | undefined;
  /** What is to be foretold: it may hold outcomes of its own row. */
  readonly label?: true | undefined;
  /** Ids of the docs blocks its description is made of. */
  readonly docBlocks?: readonly string[] | undefined;
  /** What else YAML says of it, under the manifest's names: constraints, quote, granularity. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * What a node's rows depend on besides its inputs: a hash for each part, by the words a plan says it with (`SQL`,
 * `config`, `macro shrunk_rate`), so that a plan can say which part changed.
 */
export type Fingerprint = Readonly<Record<string, string>>;

/** The part that holds what a template rendered to: it differs when a variable does, though the text is the same. */
export const RENDERED = 'vars or environment';

export type Severity = 'error' | 'warn' | 'info';

/** A test: which node it was written for, and whether its failure stops publication; one of `info` never fails. */
export interface CheckRole {
  readonly attachedTo: NodeId | undefined;
  readonly severity: Severity;
  /** What its settings call a warning is a failure: warnings are errors in this run. */
  readonly refusesWarnings?: boolean | undefined;
  /** It can judge the rows of some as_of dates without the others: of the node it was written for, or of its inputs. */
  readonly judgesDatesAlone: boolean;
  /** What it finds lies in the code above it: having passed, it runs again when that changes, not for other rows. */
  readonly judgesCode?: true | undefined;
  /** It needs no rows of the node it was written for: it runs before that, which is not built when it fails. */
  readonly runsBefore?: true | undefined;
  /** The generic test it calls, with its arguments as written; absent for singular tests. */
  readonly generic?: GenericCall | undefined;
}

/** `accepted_range` with `{ column_name: 'age', min_value: 0 }`. */
export interface GenericCall {
  readonly name: string;
  /** Package it was named with: `toolbox.no_blank`. */
  readonly namespace?: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Which of a model's versions a node is; `ref('x')` without `v=` finds the latest. */
export interface Version {
  readonly label: string;
  readonly latest: boolean;
}

/**
 * `makes`: what it leaves is a version of a model in the registry; its rows are those the model was judged on.
 * `uses`: a model's answers are among its rows. `keepsRows`: they say which version made them, so that a newer one does
 * not make them stale.
 */
export type ModelUse =
  | { readonly does: 'makes'; readonly name: string }
  | { readonly does: 'uses'; readonly name: string; readonly keepsRows: boolean };

/** The column that dates rows which are not kept, and how finely. */
export type DatedBy = Pick<AsOf, 'column' | 'grain'>;

/** What graph, plan, execute and artifacts may know of a node. `detail` is read only by its kind. */
export interface Node {
  readonly id: NodeId;
  readonly kind: string;
  readonly name: string;
  readonly packageName: string;
  /** File it stands in, relative to its package, with '/'; `span.file` is relative to the project. */
  readonly path: string;
  readonly span: Span;
  readonly fqn: readonly string[];
  readonly description: string;
  readonly tags: readonly string[];
  readonly columns: readonly ColumnInfo[];
  /** Effective config as dbt's manifest prints it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly relation: Relation | undefined;
  /** Where its rows are, or those it tests: the ledger keeps a state for each place. */
  readonly place: string;
  readonly materialized: string;
  /** A step of a plan: false for sources and ephemeral models. */
  readonly buildable: boolean;
  /** Its rows are kept, so they grow old; a view's do not. */
  readonly storesRows: boolean;
  /** It changes its relation bit by bit: new code or inputs do not make it anew (dbt's incremental). */
  readonly updatesInPlace: boolean;
  /** Its inputs or its SQL can change without velo seeing it (a database table, now()): built on every run. */
  readonly volatile: boolean;
  readonly fingerprint: Fingerprint;
  /** Column that dates the rows; as_of models see only rows before the end of their range. */
  readonly eventTime: string | undefined;
  readonly asOf: AsOf | undefined;
  /**
   * Of views and tests with as_of: what they say of a date comes from that date's rows of the as_of models, and views
   * like them, that they read.
   */
  readonly datedBy?: DatedBy | undefined;
  /** Of dbt's microbatch models alone: built batch by batch. */
  readonly microbatch?: Microbatch | undefined;
  readonly check: CheckRole | undefined;
  /** Of nodes that make or use a trained model. */
  readonly model?: ModelUse | undefined;
  /** Absent when the model has no versions. */
  readonly version?: Version | undefined;
  /** Name in the database, or of a test's files, where that is not `name`. */
  readonly alias?: string | undefined;
  /** Settings as they were written, templates and all. */
  readonly unrenderedConfig?: Readonly<Record<string, unknown>> | undefined;
  /** Ids of the docs blocks its description is made of. */
  readonly docBlocks?: readonly string[] | undefined;
  /** Names others refer to it by, for kinds that are found otherwise than by `ref('<name>')`. */
  readonly answersTo?: readonly { readonly kind: Reference['kind']; readonly name: string }[];
  /** Ids of the macros it calls. */
  readonly macros?: readonly string[] | undefined;
  /** What the manifest says of this kind alone, under its names; a kind that dbt lists outside `nodes` puts all here. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  /** The YAML file that describes it, relative to the project; absent when none does. */
  readonly propertiesPath?: string | undefined;
  /** Raw text of the file, as dbt's manifest has it. */
  readonly rawCode: string;
  readonly detail: unknown;
}

/** A macro as artifacts list it. */
export interface MacroInfo {
  readonly name: string;
  readonly packageName: string;
  /** Relative to its package. */
  readonly path: string;
  readonly text: string;
  readonly description: string;
  readonly arguments: readonly MacroArgument[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly propertiesPath: string | undefined;
  /** Ids of the macros it calls. */
  readonly macros: readonly string[];
  /** Languages of models a materialization builds; absent for anything else. */
  readonly languages?: readonly string[] | undefined;
}

export interface MacroArgument {
  readonly name: string;
  readonly type: string | null;
  readonly description: string;
}

/** A `{% docs %}` block. */
export interface DocBlock {
  readonly id: string;
  readonly name: string;
  readonly packageName: string;
  readonly path: string;
  readonly text: string;
}

/** Who owns some of the nodes. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly packageName: string;
  readonly path: string;
  readonly owner: Readonly<Record<string, unknown>>;
  readonly description: string | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly span: Span;
}

/** Something in the project's files that may be a mistake. */
export interface ProjectWarning {
  readonly message: string;
  readonly span?: Span | undefined;
  /** dbt's name of the event. */
  readonly name?: string | undefined;
}

/** Everything the files of a project say. */
export interface Manifest {
  readonly projectName: string;
  readonly nodes: ReadonlyMap<NodeId, Node>;
  readonly disabled: ReadonlyMap<NodeId, Node>;
  readonly macros: readonly MacroInfo[];
  readonly docs: readonly DocBlock[];
  readonly groups: readonly Group[];
  /** Definitions of selectors.yml by name, as written. */
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Told whenever the project is used, also when it was read before. */
  readonly warnings: readonly ProjectWarning[];
}
