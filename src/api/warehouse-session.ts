import type { RelationInfo, RelationType, Warehouse } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { ChangeLogs, NodeStates } from '../core/node-state.ts';
import type { Relation } from '../core/relation.ts';
import type { Graph } from '../graph/build-graph.ts';
import { AUDIT_SCHEMA } from '../state/audit.ts';
import { addLines, type LedgerContent, type LedgerLine } from '../state/ledger.ts';
import { LEDGER_FORMAT } from '../state/ledger-schema.ts';
import { readSnapshot, writeSnapshot } from '../state/snapshot.ts';
import type { WarehouseState } from '../state/warehouse-state.ts';
import { type LoadedProject, openWarehouse, snapshotFile } from './load-project.ts';
import { readState } from './read-state.ts';
import { schemasOf } from './relations.ts';

/** What a plan is made from. */
export interface StateSource {
  /** What stood there when it was read last. */
  readonly state: WarehouseState;
  /** To look at rows; undefined while another process holds the warehouse. */
  open(): Promise<Warehouse | undefined>;
}

/**
 * The warehouse of a run, opened when it is first needed: a run with nothing to do reads the state
 * kept from the last one and never loads the driver.
 */
export interface WarehouseSession extends StateSource, AsyncDisposable {
  /** The ledger as it stands now. */
  readonly states: NodeStates;
  readonly changes: ChangeLogs;
  open(): Promise<Warehouse>;
  /**
   * Opens the warehouse and reads its state again if another process has changed it since. From then on nobody else
   * writes. @returns whether the state is another one
   */
  hold(): Promise<boolean>;
  /** Notes that what is known may not be what stands: the next run reads it anew. */
  distrust(): void;
  /** Moves what was committed to where it stays: the engine's share of closing, beside other work. */
  settle(): Promise<void>;
  /** Notes what was committed, for the state that is kept. */
  commit(lines: readonly LedgerLine[]): void;
  /** Notes that the ledger was written anew, or made. */
  setLedger(content: LedgerContent): void;
  /** Notes what stands in the warehouse now. */
  setRelations(relations: readonly RelationInfo[]): void;
}

/** @throws DatabaseError when the state must be read and the warehouse cannot be opened */
export async function openSession(project: LoadedProject): Promise<WarehouseSession> {
  const { adapter, adapterSettings } = project;
  const file = snapshotFile(project);
  const schemas = schemasOf(project);
  const stamp = await adapter.stamp(adapterSettings);
  const kept = readSnapshot(file, stamp, schemas);
  let warehouse: Warehouse | undefined;
  let isStale = false;
  const open = async () => {
    if (warehouse) return warehouse;
    warehouse = await openWarehouse(project);
    // Now that nobody else can write: has somebody written since the state was kept?
    isStale = kept !== undefined && (await adapter.stamp(adapterSettings)) !== stamp;
    return warehouse;
  };
  const read = async () => readState(project, await open());
  let state = kept ?? (await read());
  let states = new Map(state.ledger.states);
  let changes = new Map(state.ledger.changes);
  let { lastSeq, entryCount } = state.ledger;
  let { format } = state;
  let relations = state.relations;
  let isTrusted = true;
  return {
    get state() {
      return state;
    },
    get states() {
      return states;
    },
    open,
    get changes() {
      return changes;
    },
    async hold() {
      await open();
      if (!isStale) return false;
      isStale = false;
      state = await read();
      states = new Map(state.ledger.states);
      changes = new Map(state.ledger.changes);
      ({ lastSeq, entryCount } = state.ledger);
      ({ format, relations } = state);
      return true;
    },
    commit(lines) {
      addLines(states, changes, lines);
      lastSeq = Math.max(lastSeq, lines.at(-1)?.seq ?? 0);
      entryCount += lines.length;
    },
    setLedger(content) {
      ({ lastSeq, entryCount } = content);
      format = LEDGER_FORMAT;
      for (const [key, log] of content.changes) changes.set(key, log);
    },
    distrust() {
      isTrusted = false;
    },
    setRelations(now) {
      relations = now;
    },
    async settle() {
      await warehouse?.settle();
    },
    async [Symbol.asyncDispose]() {
      if (!warehouse) return;
      await warehouse[Symbol.asyncDispose]();
      if (!isTrusted) return;
      const stamp = await adapter.stamp(adapterSettings);
      const ledger = { states, changes, lastSeq, entryCount };
      await writeSnapshot(file, stamp, schemas, {
        ledger,
        format,
        relations,
        edited: state.edited,
      });
    },
  };
}
