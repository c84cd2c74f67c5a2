import type { Warehouse } from '../adapters/adapter.ts';
import { readOldSnapshot, readSnapshot, writeSnapshot } from '../state/snapshot.ts';
import { NO_STATE, type WarehouseState } from '../state/warehouse-state.ts';
import { hasFileSources } from './load-file-sources.ts';
import { type LoadedProject, openWarehouse, snapshotFile } from './load-project.ts';
import { readState } from './read-state.ts';
import { schemasOf } from './relations.ts';
import { unpackSources } from './unpack-sources.ts';
import { isLocked } from './wait-for-lock.ts';
import type { StateSource } from './warehouse-session.ts';

/**
 * What stands in the warehouse, for a command that changes nothing and waits for nobody: as it was kept, or read
 * beside others that read. While another process writes it is the state velo left last, and that is told.
 * @throws DatabaseError, of code 'database-locked' when velo has never seen the warehouse
 */
async function stateToRead(project: LoadedProject): Promise<WarehouseState> {
  const { adapter, adapterSettings } = project;
  const file = snapshotFile(project);
  const schemas = schemasOf(project);
  const stamp = await adapter.stamp(adapterSettings);
  const kept = readSnapshot(file, stamp, schemas);
  if (kept) return kept;
  try {
    const state = await readBeside(project);
    if (state) await writeSnapshot(file, stamp, schemas, state);
    return state ?? NO_STATE;
  } catch (error) {
    const old = isLocked(error) ? readOldSnapshot(file, schemas) : undefined;
    if (!old || !isLocked(error)) throw error;
    const takenAt = old.takenAt.toISOString().slice(0, 16).replace('T', ' ');
    const message = `${error.message}: this is as of what velo last knew of it, ${takenAt} UTC`;
    project.emit({ type: 'warning', message });
    return old.state;
  }
}

async function readBeside(project: LoadedProject): Promise<WarehouseState | undefined> {
  await using warehouse = await project.adapter.openToRead(project.adapterSettings);
  return warehouse && (await readState(project, warehouse));
}

/** For a plan that is only shown. @throws DatabaseError as `stateToRead` does */
export async function openToPlan(project: LoadedProject): Promise<StateSource & AsyncDisposable> {
  const state = await stateToRead(project);
  let warehouse: Warehouse | undefined;
  return {
    state,
    async open() {
      warehouse ??= await openUnlessHeld(project);
      return warehouse;
    },
    async [Symbol.asyncDispose]() {
      await warehouse?.[Symbol.asyncDispose]();
    },
  };
}

async function openUnlessHeld(project: LoadedProject): Promise<Warehouse | undefined> {
  try {
    await unpackSources(project);
    const warehouse = await openWarehouse(project);
    if (await hasFileSources(project, warehouse)) return warehouse;
    // A plan loads nothing: which rows differ is seen when the files are loaded.
    await warehouse[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    if (isLocked(error)) return undefined;
    throw error;
  }
}
