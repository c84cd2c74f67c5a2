import { type Interval, mergeIntervals } from './interval.ts';
import type { Fingerprint, Node, NodeId } from './node.ts';

/** What the ledger knows of a node's rows as they stand in the warehouse; of a test: on which rows it passed. */
export interface NodeState {
  /** Identity of the rows: fingerprint and inputs' versions, hashed. */
  readonly version: string;
  readonly fingerprint: Fingerprint;
  /** Version of each input the rows were made from; inputs whose rows carry dates are in `seen` instead. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Change counter of each dated input when the rows were made: the ledger's line of its last change. */
  readonly seen: Readonly<Record<string, number>>;
  /** Finished as_of ranges, merged and in order; empty for nodes without as_of. */
  readonly ranges: readonly Interval[];
  /** Differs whenever finished dates were made again: what is made of all dates must follow. */
  readonly epoch: string;
  /** Rows the last build wrote. */
  readonly rows: number | undefined;
  /** Rows of the whole relation after it; undefined where the engine does not say. */
  readonly totalRows: number | undefined;
  /** How long the last build took. */
  readonly durationMs: number;
}

/**
 * What a line of the ledger tells. `built`: rows were written, and they count as finished. `finished`: they do, and
 * nothing was written: a test that passed, a range that stays while the state around it is new. `changed`: dates of an
 * input are not what they were.
 */
export type EntryKind = 'built' | 'finished' | 'changed';

/** One line of the ledger: something was finished. */
export interface LedgerEntry {
  readonly kind: EntryKind;
  readonly node: NodeId;
  /** Where the rows are: two targets in one database do not share a state. */
  readonly place: string;
  readonly version: string;
  readonly fingerprint: Fingerprint;
  readonly inputs: Readonly<Record<string, string>>;
  readonly seen: Readonly<Record<string, number>>;
  readonly epoch: string;
  /** Nothing before this entry holds any more. */
  readonly replaces: boolean;
  readonly range: Interval | undefined;
  readonly rows: number | undefined;
  readonly totalRows: number | undefined;
  readonly durationMs: number;
}

/** Dates whose rows are not what they were; `range` undefined: any may be. */
export interface Change {
  /** The ledger's line: changes are counted by it. */
  readonly seq: number;
  readonly range: Interval | undefined;
}

/** Part of a `changed` line's fingerprint that says which code made the rows. */
export const CODE = 'code';

/** The changes of a node whose rows carry dates, oldest first. */
export interface ChangeLog {
  /** Version of the rows when they were last compared by date; undefined for as_of nodes, which know what they write. */
  readonly observed: string | undefined;
  /** The code that made them then. */
  readonly code: string | undefined;
  readonly changes: readonly Change[];
}

/** States by what `stateKey` says of a node. */
export type NodeStates = ReadonlyMap<string, NodeState>;

export type ChangeLogs = ReadonlyMap<string, ChangeLog>;

export const stateKey = (node: NodeId, place: string): string => `${node}@${place}`;

export const stateOf = <T>(states: ReadonlyMap<string, T>, { id, place }: Node): T | undefined =>
  states.get(stateKey(id, place));

/** Dates of an input: `all` when it cannot be told which. */
export type Dates = readonly Interval[] | 'all';

/** What has changed since a counter. */
export function changesSince(log: ChangeLog | undefined, seq: number): Dates {
  const later = (log?.changes ?? []).filter((change) => change.seq > seq);
  if (later.some(({ range }) => range === undefined)) return 'all';
  return mergeIntervals(later.flatMap(({ range }) => range ?? []));
}

/** The counter of an input's last change; 0 before the first. */
export const lastChange = (log: ChangeLog | undefined): number => log?.changes.at(-1)?.seq ?? 0;

/** The state after one more entry: a replacing one, or one of another version, starts anew. */
export function applyEntry(before: NodeState | undefined, entry: LedgerEntry): NodeState {
  const { version, fingerprint, inputs, seen, epoch, range, rows, totalRows, durationMs } = entry;
  const kept = entry.replaces || before?.version !== version ? undefined : before;
  const ranges = mergeIntervals([...(kept?.ranges ?? []), ...(range ? [range] : [])]);
  return { version, fingerprint, inputs, seen, ranges, epoch, rows, totalRows, durationMs };
}

/** The change log after one more entry; undefined when it changes nothing anybody counts. */
export function applyChange(
  before: ChangeLog | undefined,
  entry: LedgerEntry,
  seq: number,
): ChangeLog | undefined {
  const { kind, range, replaces } = entry;
  if (kind === 'finished' || (kind === 'built' && range === undefined)) return undefined;
  const { observed, code } =
    kind === 'changed' && entry.version !== ''
      ? { observed: entry.version, code: entry.fingerprint[CODE] }
      : { observed: before?.observed, code: before?.code };
  // Whoever has not seen that everything changed need not know what changed before.
  if (replaces) return { observed, code, changes: [{ seq, range: undefined }] };
  const changes = before?.changes ?? [];
  return { observed, code, changes: range ? [...changes, { seq, range }] : changes };
}
