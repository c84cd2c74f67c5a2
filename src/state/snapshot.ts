import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RelationInfo } from '../adapters/adapter.ts';
import type { ChangeLog, NodeState } from '../core/node-state.ts';
import type { WarehouseState } from './warehouse-state.ts';

/** Raised when the shape of the file changes: older ones are ignored. */
const FORMAT = 3;

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
  if (stamp === undefined) return undefined;
  try {
    const snapshot = JSON.parse(readFileSync(file, 'utf8')) as SnapshotFile;
    if (snapshot.format !== FORMAT || snapshot.stamp !== stamp) return undefined;
    if (!schemas.every((schema) => snapshot.schemas.includes(schema))) return undefined;
    const { states, changes, relations, lastSeq, entryCount, ledgerFormat } = snapshot;
    const ledger = { states: new Map(states), changes: new Map(changes), lastSeq, entryCount };
    return { ledger, format: ledgerFormat, relations };
  } catch {
    return undefined;
  }
}

/** Keeps the state beside the stamp of the closed warehouse. */
export async function writeSnapshot(
  file: string,
  stamp: string | undefined,
  schemas: readonly string[],
  { ledger, format, relations }: WarehouseState,
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
    lastSeq,
    entryCount,
  };
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(content));
  await rename(temporary, file);
}
