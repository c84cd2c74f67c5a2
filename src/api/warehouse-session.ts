import type { RelationInfo, Warehouse } from '../adapters/adapter.ts';
import type { ChangeLogs, NodeStates } from '../core/node-state.ts';
import { addLines, type LedgerContent, type LedgerLine } from '../state/ledger.ts';
import { LEDGER_FORMAT } from '../state/ledger-schema.ts';
import { readSnapshot, writeSnapshot } from '../state/snapshot.ts';
import type { WarehouseState } from '../state/warehouse-state.ts';
import { loadFileSources } from './load-file-sources.ts';
import { type LoadedProject, openWarehouse, snapshotFile } from './load-project.ts';
import { readState } from './read-state.ts';
import { schemasOf } from './relations.ts';
import { unpackSources } from './unpack-sources.ts';

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
    await unpackSources(project);
    const opened = await openWarehouse(project);
    warehouse = opened;
    await loadFileSources(project, opened);
    // Now that nobody else can write: has somebody written since the state was kept?
    isStale = kept !== undefined && (await adapter.stamp(adapterSettings)) !== stamp;
    return warehouse;
  };
  const read = async () => trackState(await readState(project, await open()));
  let tracked = kept ? trackState(kept) : await read();
  let isTrusted = true;
  return {
    get state() {
      return tracked.state;
    },
    get states() {
      return tracked.states;
    },
    get changes() {
      return tracked.changes;
    },
    open,
    async hold() {
      await open();
      if (!isStale) return false;
      isStale = false;
      tracked = await read();
      return true;
    },
    commit: (lines) => tracked.commit(lines),
    setLedger: (content) => tracked.setLedger(content),
    setRelations: (now) => tracked.setRelations(now),
    distrust() {
      isTrusted = false;
    },
    async settle() {
      await warehouse?.settle();
    },
    async [Symbol.asyncDispose]() {
      if (!warehouse) return;
      await warehouse[Symbol.asyncDispose]();
      if (!isTrusted) return;
      await writeSnapshot(file, await adapter.stamp(adapterSettings), schemas, tracked.now());
    },
  };
}

/** A state as it was read, and as it is after what was committed since. */
function trackState(state: WarehouseState) {
  const states = new Map(state.ledger.states);
  const changes = new Map(state.ledger.changes);
  let { lastSeq, entryCount } = state.ledger;
  let { format, relations } = state;
  return {
    state,
    states,
    changes,
    commit(lines: readonly LedgerLine[]) {
      addLines(states, changes, lines);
      lastSeq = Math.max(lastSeq, lines.at(-1)?.seq ?? 0);
      entryCount += lines.length;
    },
    setLedger(content: LedgerContent) {
      ({ lastSeq, entryCount } = content);
      format = LEDGER_FORMAT;
      for (const [key, log] of content.changes) changes.set(key, log);
    },
    setRelations(now: readonly RelationInfo[]) {
      relations = now;
    },
    now: (): WarehouseState => ({
      ...state,
      ledger: { states, changes, lastSeq, entryCount },
      format,
      relations,
    }),
  };
}
