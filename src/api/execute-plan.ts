import type { RelationInfo } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import { type NodeResult, type RunResult, untouched } from '../core/result.ts';
import { batchesLeft } from '../execute/build-microbatch.ts';
import { runPlan } from '../execute/run-plan.ts';
import type { Session } from '../execute/session.ts';
import { refuseQueries } from '../jinja/contexts/replay.ts';
import { sessionMacros } from '../nodes/build-macros.ts';
import { compileNode } from '../nodes/compile.ts';
import { projectFolders } from '../project/project-folders.ts';
import { createLedger, ledgerRelation, ledgerWriter } from '../state/ledger.ts';
import { compactIfLong } from '../state/warehouse-state.ts';
import { compileScope } from './compile-scope.ts';
import type { LoadedProject } from './load-project.ts';
import { runProjectHooks } from './project-hooks.ts';
import type { RunOptions } from './run.ts';
import { existingRelations, relationKey, type WarehouseSession } from './warehouse-session.ts';

/** Opens the warehouse and does what the plan says. */
export async function executePlan(
  plan: Plan,
  project: LoadedProject,
  warehouseSession: WarehouseSession,
  options: RunOptions,
): Promise<RunResult> {
  const { adapter, adapterSettings, graph, invocationId, startedAt, now } = project;
  const { dialect } = adapter;
  const { state } = warehouseSession;
  const { database } = adapterSettings;
  const ledger = ledgerRelation(database);
  // The file is opened while the macros are read.
  const [warehouse, scope] = await Promise.all([
    warehouseSession.open(),
    compileScope(project, { ask: outsideOfSteps, selected: selectedIds(plan) }),
  ]);
  const runId = invocationId;
  const kept = await compactIfLong(warehouse, dialect, state.ledger, database, runId, now());
  warehouseSession.setLedger(kept);
  await warehouse.use(async (connection) => {
    for (const schema of schemasToCreate(plan, graph.nodes)) {
      await connection.execute(dialect.createSchema({ database, schema }));
    }
    for (const statement of createLedger(dialect, ledger)) await connection.execute(statement);
  });
  const existing = existingRelations(graph, state.relations);
  const session: Session = {
    plan,
    nodes: graph.nodes,
    warehouse,
    dialect,
    ledger: ledgerWriter(dialect, ledger, runId, kept.lastSeq),
    states: warehouseSession.states,
    existing,
    folders: projectFolders(project.settings),
    macros: sessionMacros(scope),
    compile: (node, compileOptions) => compileNode(node, compileOptions, scope),
    resolve: graph.resolve,
    onCommitted: warehouseSession.commit,
    now,
    emit: options.emit,
  };
  const hooks = { project, warehouse, macros: session.macros };
  const before = await runProjectHooks('on-run-start', { ...hooks, results: [] });
  const { results, interrupted } = isBroken(before)
    ? skipped(plan, now())
    : await runPlan({
        session,
        threads: adapterSettings.threads,
        failFast: options.failFast ?? false,
        signal: options.signal ?? new AbortController().signal,
      });
  const after = interrupted ? [] : await runProjectHooks('on-run-end', { ...hooks, results });
  warehouseSession.setRelations(relationsNow(state.relations, existing, graph.nodes));
  const elapsedMs = now() - startedAt;
  return { results: [...before, ...results, ...after], interrupted, elapsedMs };
}

const isBroken = (results: readonly NodeResult[]): boolean =>
  results.some(({ status }) => status === 'error');

/** Nothing is built when the project's own preparation failed. */
const skipped = ({ steps }: Plan, startedAt: number) => ({
  results: steps.map((step) => ({
    ...untouched(step.node, 'skipped', 'on-run-start failed', startedAt),
    ...batchesLeft(step),
  })),
  interrupted: false,
});

/** Every template of a run is rendered in the session of its step. */
const outsideOfSteps = refuseQueries(
  'the template asks the database outside of its step',
  'this is a mistake of velo',
);

const selectedIds = ({ steps }: Plan): ReadonlySet<NodeId> =>
  new Set(steps.flatMap(({ node, checks }) => [node, ...checks]));

function schemasToCreate(plan: Plan, nodes: ReadonlyMap<NodeId, Node>): Set<string> {
  const building = plan.steps.filter(({ action }) => action === 'build');
  return new Set(building.flatMap(({ node }) => nodes.get(node)?.relation?.schema ?? []));
}

/** What stood in the warehouse before, and what the run has put there. */
function relationsNow(
  before: readonly RelationInfo[],
  existing: ReadonlyMap<NodeId, RelationInfo['type']>,
  nodes: ReadonlyMap<NodeId, Node>,
): RelationInfo[] {
  const byName = new Map(before.map((info) => [relationKey(info.relation), info]));
  for (const [id, type] of existing) {
    const relation = nodes.get(id)?.relation;
    if (relation) byName.set(relationKey(relation), { relation, type });
  }
  return [...byName.values()];
}
