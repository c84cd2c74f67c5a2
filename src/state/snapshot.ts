import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RelationInfo } from '../adapters/adapter.ts';
import type { ChangeLog, NodeState } from '../core/node-state.ts';
import type { EditedTable, WarehouseState } from './warehouse-state.ts';

/** Raised when the shape of the file changes: older ones are ignored. */
const FORMAT = 4;

interface SnapshotFile {
  readonly format: number;
  readonly stamp: string;
  /** Schemas whose relations are listed. */
  readonly schemas: readonly string[];
  readonly states: readonly (readonly [string, NodeState])[];
  readonly changes: readonly (readonly [string, ChangeLog])[];
  /** Of velo's own tables. */
  readonly ledgerFormat: number | undefined;
  readonly relations: readonly RelationInfo[];
  readonly edited: readonly EditedTable[];
  readonly modelMoves: readonly (readonly [string, number])[];
  readonly lastSeq: number;
  readonly entryCount: number;
}

/**
 * The state as it was when the warehouse was last closed, if the warehouse has not changed since:
 * a run with nothing to do need not open it. A missing, damaged or old file is no harm.
 */
export function readSnapshot(
  file: string,
  stamp: string | undefined,
  schemas: readonly string[],
): WarehouseState | undefined {
  const snapshot = stamp === undefined ? undefined : readFile(file);
  if (snapshot?.stamp !== stamp) return undefined;
  return stateIn(snapshot, schemas);
}

/** The state as it was when velo last closed the warehouse, whatever happened to it since. */
export function readOldSnapshot(
  file: string,
  schemas: readonly string[],
): { readonly state: WarehouseState; readonly takenAt: Date } | undefined {
  const state = stateIn(readFile(file), schemas);
  return state && { state, takenAt: statSync(file).mtime };
}

function readFile(file: string): SnapshotFile | undefined {
  try {
    const snapshot = JSON.parse(readFileSync(file, 'utf8')) as SnapshotFile;
    return snapshot.format === FORMAT ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

function stateIn(
  snapshot: SnapshotFile | undefined,
  schemas: readonly string[],
): WarehouseState | undefined {
  if (!snapshot || !schemas.every((schema) => snapshot.schemas.includes(schema))) return undefined;
  const { states, changes, relations, edited, lastSeq, entryCount, ledgerFormat } = snapshot;
  const ledger = { states: new Map(states), changes: new Map(changes), lastSeq, entryCount };
  const modelMoves = new Map(snapshot.modelMoves);
  return { ledger, format: ledgerFormat, relations, edited, modelMoves };
}

/** Keeps the state beside the stamp of the closed warehouse. */
export async function writeSnapshot(
  file: string,
  stamp: string | undefined,
  schemas: readonly string[],
  { ledger, format, relations, edited, modelMoves }: WarehouseState,
): Promise<void> {
  if (stamp === undefined) return;
  const { states, changes, lastSeq, entryCount } = ledger;
  const content: SnapshotFile = {
    format: FORMAT,
    stamp,
    schemas,
    states: [...states],
    changes: [...changes],
    ledgerFormat: format,
    relations,
    edited,
    modelMoves: [...modelMoves],
    lastSeq,
    entryCount,
  };
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(content));
  await rename(temporary, file);
}
