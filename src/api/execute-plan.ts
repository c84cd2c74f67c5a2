import type { RelationInfo } from '../adapters/adapter.ts';
import type { Emit } from '../core/events.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import { FAILED, type NodeResult, type RunResult, untouched } from '../core/result.ts';
import { batchesLeft } from '../execute/build-microbatch.ts';
import { inputObserver } from '../execute/observe-inputs.ts';
import { runPlan } from '../execute/run-plan.ts';
import type { Session } from '../execute/session.ts';
import { takeTurns } from '../execute/take-turns.ts';
import { refuseQueries } from '../jinja/contexts/replay.ts';
import { sessionMacros } from '../nodes/build-macros.ts';
import { compileNode } from '../nodes/compile.ts';
import { storedFailures } from '../nodes/stored-failures.ts';
import { projectFolders } from '../project/project-folders.ts';
import { auditSchema } from '../state/audit.ts';
import { ledgerWriter } from '../state/ledger.ts';
import { ledgerTables, statePlace } from '../state/ledger-schema.ts';
import { prepareState } from '../state/warehouse-state.ts';
import { compileScope } from './compile-scope.ts';
import type { leaksOf } from './leaks-of.ts';
import type { LoadedProject } from './load-project.ts';
import { modelTools } from './model-tools.ts';
import { runProjectHooks } from './project-hooks.ts';
import { existingRelations, relationKey } from './relations.ts';
import type { RunOptions } from './run.ts';
import { tellingUnpinned } from './tell-unpinned.ts';
import type { WarehouseSession } from './warehouse-session.ts';

/** Opens the warehouse and does what the plan says. */
export async function executePlan(
  plan: Plan,
  project: LoadedProject,
  warehouseSession: WarehouseSession,
  options: RunOptions,
): Promise<RunResult> {
  const { adapter, adapterSettings, graph, invocationId: runId, startedAt, now } = project;
  const { dialect } = adapter;
  const { state } = warehouseSession;
  const place = statePlace(adapterSettings);
  const tables = ledgerTables(dialect, place);
  const failing = auditSchema(dialect, place);
  // The file is opened while the macros are read.
  const [warehouse, scope] = await Promise.all([warehouseSession.open(), scopeOf(plan, project)]);
  const kept = await prepareState(warehouse, dialect, state, tables, runId, now());
  warehouseSession.setLedger(kept);
  await warehouse.use(async (connection) => {
    for (const schema of schemasToCreate(plan, graph.nodes, options)) {
      await connection.execute(dialect.createSchema({ ...place, schema }));
    }
  });
  const existing = existingRelations(graph, state.relations);
  const audit = { place, runId, tables: auditTables(state.relations, failing) };
  await using models = modelTools(project, options.signal);
  const compiler = timedCompiler(scope);
  const session: Session = {
    plan,
    nodes: graph.nodes,
    warehouse,
    dialect,
    ledger: ledgerWriter(dialect, tables.ledger, runId, kept.lastSeq),
    tables,
    states: warehouseSession.states,
    changes: warehouseSession.changes,
    observe: inputObserver(() => session),
    existing,
    folders: projectFolders(project.settings),
    audit,
    inTurn: takeTurns(),
    publishFirst: !project.settings.flags.wap,
    ...testing(options),
    macros: sessionMacros(scope),
    models,
    compile: compiler.compile,
    resolve: graph.resolve,
    leaksOf: (model, experiment) =>
      leaksLater(model, experiment, { project, warehouse, end: plan.asOfEnd }),
    onCommitted: warehouseSession.commit,
    now,
    emit: tellingUnpinned(project.emit, graph),
    warn: project.warn,
  };
  const { emit } = project;
  const runHooks = hooksOf(options, { project, warehouse, macros: session.macros, emit });
  const before = await runHooks('on-run-start', []);
  const { results, interrupted } = isBroken(before)
    ? skipped(plan, now(), emit)
    : await runPlan({
        session,
        threads: adapterSettings.threads,
        failFast: options.failFast ?? false,
        signal: options.signal ?? new AbortController().signal,
      });
  emit({ type: 'phase-ended', phase: 'compile', durationMs: compiler.totalMs() });
  if (!interrupted) await observeMeasured(session, results);
  const after = interrupted ? [] : await runHooks('on-run-end', results);
  const relations = relationsNow(state.relations, existing, graph.nodes, failing);
  warehouseSession.setRelations([...relations, ...audit.tables.values()]);
  const elapsedMs = now() - startedAt;
  return { results: [...before, ...results, ...after], interrupted, elapsedMs };
}

function timedCompiler(scope: Parameters<typeof compileNode>[2]) {
  let totalMs = 0;
  const compile: Session['compile'] = async (node, options) => {
    const since = performance.now();
    const compiled = await compileNode(node, options, scope);
    totalMs += performance.now() - since;
    return compiled;
  };
  return { compile, totalMs: () => totalMs };
}

/** What is kept of tests. */
const testing = ({ storeFailures = false, fullRefresh = false }: RunOptions) => ({
  storesFailures: storeFailures,
  forgetsFailures: fullRefresh,
});

/** A database in memory has nothing that hooks would look after. */
const hooksOf =
  ({ inMemory }: RunOptions, hooks: Omit<Parameters<typeof runProjectHooks>[1], 'results'>) =>
  async (when: 'on-run-start' | 'on-run-end', results: readonly NodeResult[]) =>
    inMemory ? [] : runProjectHooks(when, { ...hooks, results });

/** Only tests that judge models need it. (It stands here, since tsc leaves an import beside `await using` as it is.) */
const leaksLater: typeof leaksOf = async (...args) =>
  (await import('./leaks-of.ts')).leaksOf(...args);

/** Writes down what was compared for the plan, of inputs that stand as it foresaw. */
async function observeMeasured(session: Session, results: readonly NodeResult[]): Promise<void> {
  const missed = new Set(
    results.flatMap(({ node, status }) => (FAILED.has(status) || status === 'skipped' ? node : [])),
  );
  for (const id of session.plan.measured.keys()) {
    const node = session.nodes.get(id);
    if (node && !missed.has(id)) await session.observe(node);
  }
}

const isBroken = (results: readonly NodeResult[]): boolean =>
  results.some(({ status }) => status === 'error');

/** Nothing is built when the project's own preparation failed. */
function skipped({ steps }: Plan, startedAt: number, emit: Emit) {
  const results = steps.map((step) => ({
    ...untouched(step.node, 'skipped', 'on-run-start failed', startedAt),
    ...batchesLeft(step),
  }));
  for (const [i, result] of results.entries()) {
    emit({ type: 'node-finished', result, index: i + 1, total: results.length });
  }
  return { results, interrupted: false };
}

/** Every template of a run is rendered in the session of its step. */
const outsideOfSteps = refuseQueries(
  'the template asks the database outside of its step',
  'this is a mistake of velo',
);

const scopeOf = (plan: Plan, project: LoadedProject) =>
  compileScope(project, {
    ask: outsideOfSteps,
    selected: selectedIds(plan),
    excerpt: plan.excerpt,
  });

const selectedIds = ({ steps }: Plan): ReadonlySet<NodeId> =>
  new Set(steps.flatMap(({ node, checks }) => [node, ...checks]));

/** Of what is built, and of what its tests find. */
function schemasToCreate(
  plan: Plan,
  nodes: ReadonlyMap<NodeId, Node>,
  { storeFailures = false }: RunOptions,
): Set<string> {
  const building = plan.steps.filter(({ action }) => action === 'build');
  const found = building
    .flatMap(({ node, checks }) => [node, ...checks])
    .flatMap((id) => nodes.get(id) ?? []);
  return new Set(
    found.flatMap((node) => {
      const relation = node.check ? storedFailures(node, storeFailures)?.relation : node.relation;
      return relation?.schema ?? [];
    }),
  );
}

const auditTables = (
  relations: readonly RelationInfo[],
  schema: string,
): Map<string, RelationInfo> =>
  new Map(
    relations
      .filter(({ relation }) => relation.schema === schema)
      .map((info) => [info.relation.name.toLowerCase(), info]),
  );

/** What stood in the warehouse before, and what the run has put there, but for tables of failing rows. */
function relationsNow(
  before: readonly RelationInfo[],
  existing: ReadonlyMap<NodeId, RelationInfo['type']>,
  nodes: ReadonlyMap<NodeId, Node>,
  auditSchemaName: string,
): RelationInfo[] {
  const others = before.filter(({ relation }) => relation.schema !== auditSchemaName);
  const byName = new Map(others.map((info) => [relationKey(info.relation), info]));
  for (const [id, type] of existing) {
    const relation = nodes.get(id)?.relation;
    if (relation) byName.set(relationKey(relation), { relation, type });
  }
  return [...byName.values()];
}
