import type { RelationInfo, RelationType, Warehouse } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { ChangeLogs, NodeStates } from '../core/node-state.ts';
import type { Relation } from '../core/relation.ts';
import type { Graph } from '../graph/build-graph.ts';
import { addLines, type LedgerContent, type LedgerLine } from '../state/ledger.ts';
import { LEDGER_FORMAT } from '../state/ledger-schema.ts';
import { readSnapshot, writeSnapshot } from '../state/snapshot.ts';
import { readWarehouseState, type WarehouseState } from '../state/warehouse-state.ts';
import { type LoadedProject, openWarehouse, snapshotFile } from './load-project.ts';

/**
 * The warehouse of a run, opened when it is first needed: a run with nothing to do reads the state
 * kept from the last one and never loads the driver.
 */
export interface WarehouseSession extends AsyncDisposable {
  readonly state: WarehouseState;
  /** The ledger as it stands now. */
  readonly states: NodeStates;
  readonly changes: ChangeLogs;
  open(): Promise<Warehouse>;
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
  const schemas = schemasOf(project.graph, adapterSettings.schema);
  const kept = readSnapshot(file, await adapter.stamp(adapterSettings), schemas);
  let warehouse: Warehouse | undefined;
  const open = async () => {
    warehouse ??= await openWarehouse(project);
    return warehouse;
  };
  const state =
    kept ??
    (await readWarehouseState(await open(), adapter.dialect, schemas, adapterSettings.database));
  const states = new Map(state.ledger.states);
  const changes = new Map(state.ledger.changes);
  let { lastSeq, entryCount } = state.ledger;
  let { format } = state;
  let relations = state.relations;
  return {
    state,
    states,
    open,
    changes,
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
    setRelations(now) {
      relations = now;
    },
    async settle() {
      await warehouse?.settle();
    },
    async [Symbol.asyncDispose]() {
      if (!warehouse) return;
      await warehouse[Symbol.asyncDispose]();
      const stamp = await adapter.stamp(adapterSettings);
      const ledger = { states, changes, lastSeq, entryCount };
      await writeSnapshot(file, stamp, schemas, { ledger, format, relations });
    },
  };
}

/** Every schema the project's nodes stand in. */
function schemasOf(graph: Graph, targetSchema: string): string[] {
  const schemas = [...graph.nodes.values()].flatMap(({ relation }) => relation?.schema ?? []);
  return [...new Set([targetSchema, ...schemas])].sort();
}

/** One relation by its name. Names are compared without case, as the engines do. */
export const relationKey = ({ schema, name }: Relation): string =>
  `${schema}.${name}`.toLowerCase();

/** What stands under each node's name. */
export function existingRelations(
  graph: Graph,
  relations: readonly RelationInfo[],
): Map<NodeId, RelationType> {
  const types = new Map(relations.map(({ relation, type }) => [relationKey(relation), type]));
  const existing = new Map<NodeId, RelationType>();
  for (const node of graph.nodes.values()) {
    const type = node.relation && types.get(relationKey(node.relation));
    if (type && node.buildable) existing.set(node.id, type);
  }
  return existing;
}

/** Whether a node's relation stands there as the kind it should be. */
export const standsAs = (node: Node, existing: ReadonlyMap<NodeId, RelationType>): boolean =>
  existing.get(node.id) === (node.storesRows ? 'table' : 'view');
