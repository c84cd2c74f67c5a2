import { join } from 'node:path';
import type { RelationInfo } from '../adapters/adapter.ts';
import { manifestArtifact } from '../artifacts/manifest.ts';
import { runResultsArtifact } from '../artifacts/run-results.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { writeCompiled } from '../artifacts/write-compiled.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { RunResult } from '../core/result.ts';
import { runPlan } from '../execute/run-plan.ts';
import type { Session } from '../execute/run-step.ts';
import { compileNode } from '../nodes/compile.ts';
import { createLedger, ledgerRelation, ledgerWriter } from '../state/ledger.ts';
import { compactIfLong } from '../state/warehouse-state.ts';
import { type LoadedProject, loadProject } from './load-project.ts';
import { type PlanOptions, planFor } from './plan.ts';
import { existingRelations, openSession, type WarehouseSession } from './warehouse-session.ts';

export interface RunOptions extends PlanOptions {
  readonly failFast?: boolean | undefined;
  /** Aborted: running statements are cancelled and rolled back, artifacts still written. */
  readonly signal?: AbortSignal | undefined;
  /** The command's flags as run_results.json lists them. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The whole of `velo build`, `run`, `test` and `seed`, top to bottom. Only `execute` changes anything.
 * Failures of nodes are results. @throws VeloError, VeloErrors when it cannot start
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const project = await loadProject(options);
  let plan: Plan | undefined;
  let result: RunResult | undefined;
  try {
    await using session = await openSession(project);
    plan = planFor(project, session, options);
    const { emit } = options;
    const threads = project.adapterSettings.threads;
    const targetName = project.settings.target.name;
    emit({ type: 'run-started', manifest: project.manifest, plan, threads, targetName });
    result = isIdle(plan)
      ? reusedResult(plan, project)
      : await execute(plan, project, session, options);
  } finally {
    await writeRunArtifacts(project, result ?? emptyResult(project), options);
  }
  options.emit({ type: 'run-finished', result });
  return result;
}

const isIdle = (plan: Plan): boolean => plan.steps.every(({ action }) => action === 'reuse');

const emptyResult = ({ now, startedAt }: LoadedProject): RunResult => ({
  results: [],
  elapsedMs: now() - startedAt,
  interrupted: false,
});

function reusedResult(plan: Plan, project: LoadedProject): RunResult {
  const startedAt = project.now();
  const results = plan.steps.map(({ node }) => ({
    node,
    status: 'reused' as const,
    message: '',
    failures: undefined,
    rows: undefined,
    startedAt,
    durationMs: 0,
    thread: 0,
    error: undefined,
    compiledCode: undefined,
  }));
  return { ...emptyResult(project), results };
}

async function execute(
  plan: Plan,
  project: LoadedProject,
  warehouseSession: WarehouseSession,
  options: RunOptions,
): Promise<RunResult> {
  const { adapter, adapterSettings, graph, compileScope, invocationId, startedAt, now } = project;
  const { dialect } = adapter;
  const { state } = warehouseSession;
  const { database } = adapterSettings;
  const ledger = ledgerRelation(database);
  const warehouse = await warehouseSession.open();
  await compactIfLong(warehouse, dialect, state, database, invocationId, now());
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
    ledger: ledgerWriter(dialect, ledger, invocationId, state.ledger.lastSeq),
    existing,
    compile: (node, compileOptions) => compileNode(node, compileOptions, compileScope),
    resolve: graph.resolve,
    onCommitted: warehouseSession.commit,
    now,
    emit: options.emit,
  };
  const { results, interrupted } = await runPlan({
    session,
    threads: adapterSettings.threads,
    states: state.ledger.states,
    failFast: options.failFast ?? false,
    signal: options.signal ?? new AbortController().signal,
  });
  warehouseSession.setRelations([...state.relations, ...relationsOf(existing, graph.nodes)]);
  return { results, interrupted, elapsedMs: now() - startedAt };
}

function schemasToCreate(plan: Plan, nodes: ReadonlyMap<NodeId, Node>): Set<string> {
  const building = plan.steps.filter(({ action }) => action === 'build');
  return new Set(building.flatMap(({ node }) => nodes.get(node)?.relation?.schema ?? []));
}

/** Later entries win, so what a run has made comes after what stood there before. */
function relationsOf(
  existing: ReadonlyMap<NodeId, RelationInfo['type']>,
  nodes: ReadonlyMap<NodeId, Node>,
): RelationInfo[] {
  return [...existing].flatMap(([id, type]) => {
    const relation = nodes.get(id)?.relation;
    return relation ? [{ relation, type }] : [];
  });
}

/** Always written, also after a failure, so that whoever watches knows how it ended. */
async function writeRunArtifacts(
  project: LoadedProject,
  result: RunResult,
  options: RunOptions,
): Promise<void> {
  const { settings, manifest, graph, adapter, invocationId, startedAt, now } = project;
  const compiled = new Map(
    result.results.flatMap(({ node, compiledCode }) =>
      compiledCode === undefined ? [] : [[node, compiledCode] as const],
    ),
  );
  const context = {
    invocationId,
    invocationStartedAt: startedAt,
    generatedAt: now(),
    manifest,
    relationName: adapter.dialect.relation,
  };
  await writeCompiled(join(settings.targetDir, 'compiled'), manifest, compiled);
  await writeArtifacts(settings.targetDir, {
    'manifest.json': manifestArtifact({
      ...context,
      graph,
      adapterType: adapter.name,
      compiledCode: (id) => compiled.get(id),
    }),
    'run_results.json': runResultsArtifact({
      ...context,
      run: result,
      args: { which: options.command, ...options.args },
    }),
  });
}
