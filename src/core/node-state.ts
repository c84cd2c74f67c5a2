import type { Interval } from './interval.ts';
import type { Fingerprint, Node, NodeId } from './node.ts';

/** What the ledger knows of a node's rows as they stand in the warehouse; of a test: on which rows it passed. */
export interface NodeState {
  /** Identity of the rows: fingerprint and inputs' versions, hashed. */
  readonly version: string;
  readonly fingerprint: Fingerprint;
  /** Version of each input the rows were made from. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Finished as_of ranges, merged and in order; empty for nodes without as_of. */
  readonly ranges: readonly Interval[];
  readonly rows: number | undefined;
  /** How long the last build took. */
  readonly durationMs: number;
}

/** One line of the ledger: something was finished. */
export interface LedgerEntry {
  readonly node: NodeId;
  /** Where the rows are: two targets in one database do not share a state. */
  readonly place: string;
  readonly version: string;
  readonly fingerprint: Fingerprint;
  readonly inputs: Readonly<Record<string, string>>;
  /** Nothing before this entry holds any more. */
  readonly replaces: boolean;
  readonly range: Interval | undefined;
  readonly rows: number | undefined;
  readonly durationMs: number;
}

/** States by what `stateKey` says of a node. */
export type NodeStates = ReadonlyMap<string, NodeState>;

export const stateKey = (node: NodeId, place: string): string => `${node}@${place}`;

export const stateOf = (states: NodeStates, { id, place }: Node): NodeState | undefined =>
  states.get(stateKey(id, place));
