import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TypedColumnName, Warehouse } from '../adapters/adapter.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { type Bindings, bindNodes } from '../binding/bind-nodes.ts';
import { type BindingRecord, bindingRecord, NO_RECORD } from '../binding/binding-record.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import { lendScratch } from './lend-scratch.ts';
import { type LoadedProject, openWarehouse } from './load-project.ts';
import { modelTools } from './model-tools.ts';
import { unpackSources } from './unpack-sources.ts';

/** Nodes whose SQL the engine can look at. */
export const BOUND_KINDS: ReadonlySet<string> = new Set([
  'source',
  'seed',
  'model',
  'snapshot',
  'test',
  'analysis',
]);

export interface BoundProject {
  /** Those that were asked for and all they read, parents first. */
  readonly nodes: readonly Node[];
  readonly found: Bindings['found'];
}

/**
 * The columns of nodes and of what they read, as the engine says them, in memory or in a transaction that is rolled back;
 * what did not change is known from before. Faults are in the result. @throws VeloError, VeloErrors
 */
export async function bindProject(
  project: LoadedProject,
  asked: ReadonlySet<NodeId>,
  signal: AbortSignal | undefined,
): Promise<BoundProject> {
  const { graph, settings, adapter } = project;
  const chosen = withAncestors(asked, graph.parents);
  const nodes = graph.order.filter(({ id, kind }) => chosen.has(id) && BOUND_KINDS.has(kind));
  await using target = targetTables(project);
  const { found, record } = await bindNodes({
    nodes,
    parentsOf: graph.parents,
    projectDir: settings.projectDir,
    record: await readRecord(project),
    readsFiles: adapter.dialect.readFiles('', 'csv') !== undefined,
    standing: target.columns,
    lend: (work) => lendToBind(project, signal, work),
  });
  await writeRecord(project, record);
  return { nodes, found };
}

/** A place for tables without rows. @throws DatabaseError */
export async function lendToBind<T>(
  project: LoadedProject,
  signal: AbortSignal | undefined,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  await unpackSources(project);
  await using warehouse = await openToBind(project);
  await using tools = modelTools(project, signal);
  return await (await lendScratch(project, warehouse, tools))(work);
}

function withAncestors(
  chosen: ReadonlySet<NodeId>,
  parents: (id: NodeId) => readonly NodeId[],
): ReadonlySet<NodeId> {
  const found = new Set(chosen);
  // A set gives what is added to it while it is walked.
  for (const id of found) for (const parent of parents(id)) found.add(parent);
  return found;
}

function openToBind(project: LoadedProject): Promise<Warehouse> {
  const { adapter, adapterSettings } = project;
  const settings = adapter.inMemory?.(adapterSettings);
  return settings ? adapter.open(settings) : openWarehouse(project);
}

const recordFile = ({ settings }: LoadedProject) => `check.${settings.target.name}.json`;

/** What earlier checks found. What another version wrote, or nobody, is no record. */
export async function readRecord(project: LoadedProject): Promise<BindingRecord> {
  try {
    const path = join(project.settings.targetDir, recordFile(project));
    return bindingRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return NO_RECORD;
  }
}

/** For the next check. */
export const writeRecord = (project: LoadedProject, record: BindingRecord): Promise<void> =>
  writeArtifacts(project.settings.targetDir, { [recordFile(project)]: record });

/** Tables as they stand in the target, which is opened when the first is asked for. */
function targetTables({ adapter, adapterSettings }: LoadedProject) {
  let opened: Promise<Warehouse | undefined> | undefined;
  const open = async () => {
    try {
      return await adapter.openToRead(adapterSettings);
    } catch (error) {
      // Who holds it may go on: what it has is not known, that is all.
      if (error instanceof DatabaseError && error.code === 'database-locked') return undefined;
      throw error;
    }
  };
  return {
    async columns(relation: Relation): Promise<readonly TypedColumnName[] | undefined> {
      opened ??= open();
      const warehouse = await opened;
      const sql = adapter.dialect.catalog.listColumns(relation);
      const rows = await warehouse?.use((connection) => connection.query(sql));
      if (!rows || rows.length === 0) return undefined;
      return rows.map(({ name, type }) => ({ name: String(name), type: String(type) }));
    },
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}
