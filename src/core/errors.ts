import type { Span } from './span.ts';

/** Every code velo can print, with the title of its page in docs/errors. Codes are never renamed. */
export const ERROR_CODES = {
  'unknown-name': 'A name is not registered',
  usage: 'The command line is wrong',
  'warn-error': 'A warning is to be an error',
  'project-not-found': 'There is no project in the folder',
  'file-unreadable': 'A file cannot be read',
  'packages-missing': 'Packages are not installed',
  'package-unavailable': 'A package cannot be fetched',
  'package-conflict': 'Packages cannot be used together',
  'yaml-syntax': 'A file is not YAML',
  'yaml-schema': 'A YAML key or value is not what velo expects',
  'unknown-key': 'A YAML key is not known',
  'unknown-config': 'A config key is not known',
  'invalid-config': 'A config value is not allowed',
  'profile-not-found': 'There is no such profile',
  'target-not-found': 'The profile has no such target',
  'env-var-missing': 'An environment variable is not set',
  'secret-env-var': 'A secret environment variable is read where it may not be',
  'var-missing': 'A variable is not set',
  'template-syntax': 'A template cannot be parsed',
  'template-error': 'A template failed while it was rendered',
  'template-limit': 'A template was stopped: it loops, recurses or writes too much',
  'macro-error': 'A macro raised an error',
  'unknown-macro': 'A template calls a macro that does not exist',
  'unknown-test': 'A test names a generic test that does not exist',
  'unit-test': 'A unit test cannot be run as it is written',
  'unknown-ref': 'ref() points at a node that does not exist',
  'unknown-source': 'source() points at a source that does not exist',
  'disabled-ref': 'ref() points at a node that is disabled',
  'unparsed-ref': 'ref() is called when compiling but not when parsing',
  'duplicate-name': 'Two resources have one name',
  'duplicate-relation': 'Two nodes would write one table or view',
  'unknown-group': 'A node is in a group that nothing declares',
  'unknown-doc': 'doc() names a docs block that does not exist',
  'private-ref': 'ref() points at a private model of another group',
  'unknown-property-target': 'A YAML file describes a resource that does not exist',
  'dependency-cycle': 'Nodes depend on each other in a circle',
  'empty-selection': 'The selector matches no node',
  'selector-syntax': 'A selector cannot be read',
  'seed-format': 'A seed file is not a table',
  'seed-type': 'A value of a seed is not of its type',
  'snapshot-columns': 'The table of a snapshot lacks its columns',
  'contract-broken': 'A model does not keep its contract',
  'source-files-missing': 'The files of a source do not exist',
  'not-loaded-by-velo': 'A table stands where the files of a source would go',
  'source-file-damaged': 'A file of a source cannot be unpacked',
  'script-error': 'A TypeScript model failed',
  unsupported: 'velo reads a node but cannot build it',
  'as-of-config': 'The as_of settings of a model are not complete',
  'no-outcomes': 'Nothing is called an outcome',
  'leakage-undated': 'Rows with outcomes have no date',
  'input-missing': 'A model reads what is not built',
  'on-change-fail': 'The code of a model changed that must not change',
  'input-changed': 'An input changed while it was read',
  'ledger-format': 'A newer velo wrote the ledger',
  'not-separable': 'A date has other rows when it is built alone',
  'model-features': 'A column cannot be a feature of a model',
  'model-rows': 'The rows of a train node cannot be trained on',
  'model-config': 'The settings of a train, score or backtest node are not complete',
  'model-artifact': 'The files of a trained model are not as they were',
  'model-gate': 'A trained model did not pass its gate',
  'unknown-model': 'No such model is registered',
  'unusable-predictions': 'Predictions or targets cannot be judged',
  'too-few-days': 'A split needs more days than the rows have',
  'group-cut': 'A split would cut a group',
  'unusable-bet': 'A bet cannot be settled',
  'database-error': 'The database rejected a statement',
  'database-locked': 'Another process holds the database',
  'database-unusable': 'The database cannot be opened',
  'database-unreachable': 'The database server does not answer',
  'login-failed': 'The database server does not let velo in',
  'connection-lost': 'The connection to the database was lost',
  'permission-denied': 'The database forbids a statement',
  'database-read-only': 'The database takes no changes',
  'write-conflict': 'Two transactions changed the same thing at once',
  'disk-full': 'The disk is full',
  'lightgbm-missing': 'LightGBM cannot be loaded',
  'lightgbm-error': 'LightGBM reported an error',
  'training-data': 'Rows cannot be learned from',
  'feature-mismatch': 'Columns are not those a model was trained on',
  'model-file': 'A model file cannot be loaded',
  interrupted: 'The run was interrupted',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** Where in the project the cause stands. */
  readonly span?: Span | undefined;
  /** What to do about it, in one line. */
  readonly hint?: string | undefined;
  /** Further places on the way to the error, outermost last: the macro call chain. */
  readonly trace?: readonly TraceEntry[] | undefined;
  readonly cause?: unknown;
}

export interface TraceEntry {
  readonly text: string;
  readonly span: Span;
}

/** Base of every error velo raises on purpose. Anything else that escapes is a bug. */
export abstract class VeloError extends Error {
  readonly code: ErrorCode;
  readonly span: Span | undefined;
  readonly hint: string | undefined;
  readonly trace: readonly TraceEntry[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.span = details.span;
    this.hint = details.hint;
    this.trace = details.trace ?? [];
  }
}

/** The user must change velo_project.yml, a profile, or a flag. */
export class ConfigError extends VeloError {}

/** The user must change a file of the project. */
export class ProjectError extends VeloError {}

/** A place in a statement; 1-based, columns count UTF-16 units. */
export interface SqlPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * What the engine says of a statement before it runs it. `wrong-sql`: its text, its names or its types are wrong, whatever
 * the rows. `missing`: it names a table, a function or the like that does not stand there.
 */
export type StatementFault = 'wrong-sql' | 'missing';

export interface DatabaseErrorDetails extends ErrorDetails {
  /** Absent: something else, such as a file or a value. */
  readonly fault?: StatementFault | undefined;
  /** Where in `sql` the database saw the cause. */
  readonly position?: SqlPosition | undefined;
  /** A server refused, not an engine in this process; absent: as its cause says. */
  readonly isOfServer?: boolean | undefined;
}

/** The database refused. `sql` is what it was sent. */
export class DatabaseError extends VeloError {
  readonly sql: string;
  readonly position: SqlPosition | undefined;
  readonly fault: StatementFault | undefined;
  readonly isOfServer: boolean;

  constructor(code: ErrorCode, message: string, sql: string, details: DatabaseErrorDetails = {}) {
    super(code, message, details);
    this.sql = sql;
    this.position = details.position;
    this.fault = details.fault;
    const { cause } = details;
    this.isOfServer = details.isOfServer ?? (cause instanceof DatabaseError && cause.isOfServer);
  }
}

/** Several errors found in one pass; the CLI prints each. */
export class VeloErrors extends AggregateError {
  override readonly errors: VeloError[];

  constructor(errors: readonly VeloError[]) {
    super(errors, `${errors.length} errors`);
    this.name = 'VeloErrors';
    this.errors = [...errors];
  }
}

/** Runs `work`; an error velo raises on purpose goes to `errors` and the result is undefined. */
export function collect<T>(errors: VeloError[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof VeloErrors) errors.push(...error.errors);
    else if (error instanceof VeloError) errors.push(error);
    else throw error;
    return undefined;
  }
}
