import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TypedColumnName, Warehouse } from '../adapters/adapter.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { type Binding, bindNodes } from '../binding/bind-nodes.ts';
import { type BindingRecord, bindingRecord, NO_RECORD } from '../binding/binding-record.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { lendScratch } from './lend-scratch.ts';
import { type ApiOptions, type LoadedProject, loadProject, openWarehouse } from './load-project.ts';
import { modelTools } from './model-tools.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { unpackSources } from './unpack-sources.ts';

export interface CheckOptions extends ApiOptions, SelectOptions {}

export interface CheckedNode {
  readonly node: Node;
  readonly binding: Binding;
}

/** Nodes whose SQL the engine can look at. */
const KINDS: ReadonlySet<string> = new Set([
  'source',
  'seed',
  'model',
  'snapshot',
  'test',
  'analysis',
]);

/**
 * Has the engine resolve all names and types of the chosen nodes' SQL, and of what they read, against tables without rows:
 * in memory or, where the engine cannot, in a transaction that is rolled back. The target stays as it is; what has not
 * changed since the last check is not looked at. Faults are in the result, parents first. @throws VeloError, VeloErrors when it cannot start
 */
export async function check(options: CheckOptions): Promise<readonly CheckedNode[]> {
  const project = await loadProject(options);
  const { graph, settings, adapter } = project;
  const chosen = withAncestors(selectNodes(project, options), graph.parents);
  const nodes = graph.order.filter(({ id, kind }) => chosen.has(id) && KINDS.has(kind));
  const file = `check.${settings.target.name}.json`;
  await using target = targetTables(project);
  const { found, record } = await bindNodes({
    nodes,
    parentsOf: graph.parents,
    projectDir: settings.projectDir,
    record: await readRecord(join(settings.targetDir, file)),
    readsFiles: adapter.dialect.readFiles('', 'csv') !== undefined,
    standing: target.columns,
    async lend(work) {
      await unpackSources(project);
      await using warehouse = await openToBind(project);
      await using tools = modelTools(project, options.signal);
      return await (await lendScratch(project, warehouse, tools))(work);
    },
  });
  await writeArtifacts(settings.targetDir, { [file]: record });
  return nodes.flatMap((node) => {
    const binding = found.get(node.id);
    return binding ? [{ node, binding }] : [];
  });
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

/** What another version wrote, or nobody, is no record. */
async function readRecord(path: string): Promise<BindingRecord> {
  try {
    return bindingRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return NO_RECORD;
  }
}

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
