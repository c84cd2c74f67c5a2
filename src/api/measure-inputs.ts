import type { Connection } from '../adapters/adapter.ts';
import { VeloError, VeloErrors } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Dates } from '../core/node-state.ts';
import type { Plan, PlanStep } from '../core/plan.ts';
import { differingDays } from '../execute/compare-days.ts';
import type { ModelTools } from '../modeling/model-tools.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { macrosIn, sessionMacros } from '../nodes/build-macros.ts';
import { compileNode } from '../nodes/compile.ts';
import { builderOf } from '../nodes/index.ts';
import type { BuildContext } from '../nodes/node-kind.ts';
import { rowsOf } from '../nodes/rows-of.ts';
import { projectFolders } from '../project/project-folders.ts';
import { ledgerTables, statePlace } from '../state/ledger-schema.ts';
import { compileScope } from './compile-scope.ts';
import type { LoadedProject } from './load-project.ts';
import { modelTools } from './model-tools.ts';
import { existingRelations } from './relations.ts';
import type { StateSource } from './warehouse-session.ts';

/** Thrown to take back what was built for a look; never leaves this file. */
class TakenBack extends Error {}

/**
 * On which days the rows of inputs, as the plan will leave them, differ from those the ledger has seen. What has to be
 * built for that is built inside a transaction that is rolled back: nothing stays. `all` where it cannot be told.
 */
export async function measureInputs(
  plan: Plan,
  project: LoadedProject,
  source: StateSource,
): Promise<Map<NodeId, Dates>> {
  const measured = new Map<NodeId, Dates>();
  for (const id of plan.toMeasure) measured.set(id, 'all');
  const warehouse = await source.open();
  if (!warehouse) return measured;
  const scope = await compileScope(project, {
    ask: () => Promise.reject(new Error('a template asked outside of its connection')),
    selected: new Set(plan.steps.map(({ node }) => node)),
  });
  const { above, found } = neededFor(plan, project);
  await using models = modelTools(project, undefined);
  await warehouse.use((connection) => {
    const context = buildContext(project, source, scope, connection, models);
    return takenBack(connection, async () => {
      for (const { node, step } of above) await buildOnce(node, step, connection, context);
      for (const input of found) {
        measured.set(input.id, await differing(input, connection, context, project));
      }
    });
  });
  return measured;
}

/** The inputs that can be looked at, and what is to be built before, parents first. What rows a microbatch leaves is not known. */
function neededFor({ steps, toMeasure }: Plan, { graph }: LoadedProject) {
  const isAbove = (node: Node, id: NodeId) => node.id === id || graph.upstream(id).has(node.id);
  const building = steps.flatMap((step) => {
    const node = graph.nodes.get(step.node);
    // A model is not trained for a look: what it scores now is asked of the one there is.
    const makesRows =
      node?.check === undefined && node?.kind !== 'operation' && node?.model?.does !== 'makes';
    return node && makesRows && step.action === 'build' ? [{ node, step }] : [];
  });
  const found = toMeasure.flatMap((id) => {
    const isUnknown = building.some(({ node }) => node.microbatch && isAbove(node, id));
    return isUnknown ? [] : (graph.nodes.get(id) ?? []);
  });
  return { found, above: building.filter(({ node }) => found.some(({ id }) => isAbove(node, id))) };
}

/** Does the work and takes it back. What cannot be built is told of when it is built in earnest. */
async function takenBack(connection: Connection, work: () => Promise<void>): Promise<void> {
  try {
    await connection.transaction(async () => {
      await work();
      throw new TakenBack();
    });
  } catch (error) {
    const isExpected =
      error instanceof TakenBack || error instanceof VeloError || error instanceof VeloErrors;
    if (!isExpected) throw error;
  }
}

async function differing(
  input: Node,
  connection: Connection,
  { base }: Context,
  { adapter, adapterSettings }: LoadedProject,
): Promise<Dates> {
  const { dialect } = adapter;
  const tables = ledgerTables(dialect, statePlace(adapterSettings));
  return differingDays(input, await rowsOf(input, base), { connection, dialect, tables });
}

type Context = ReturnType<typeof buildContext>;

function buildContext(
  project: LoadedProject,
  { state }: StateSource,
  scope: Awaited<ReturnType<typeof compileScope>>,
  connection: Connection,
  models: ModelTools,
) {
  const ask = askConnection(connection);
  const { graph, adapter, settings } = project;
  const base: Omit<BuildContext, 'existing' | 'replace' | 'batch'> = {
    connection,
    dialect: adapter.dialect,
    folders: projectFolders(settings),
    models,
    macros: macrosIn(sessionMacros(scope), ask),
    compile: (node, options) => compileNode(node, { ask, ...options }, scope),
    resolve: graph.resolve,
  };
  return { base, existing: existingRelations(graph, state.relations) };
}

/** As a run does, without hooks, tests and ledger. */
async function buildOnce(
  node: Node,
  { replace, batches }: PlanStep,
  connection: Connection,
  { base, existing }: Context,
): Promise<void> {
  if (node.relation) await connection.execute(base.dialect.createSchema(node.relation));
  const intervals = batches.length > 0 ? batches : [undefined];
  for (const [index, batch] of intervals.entries()) {
    await builderOf(node).build(node, {
      ...base,
      existing: replace && index > 0 ? 'table' : existing.get(node.id),
      replace: replace && index === 0,
      batch,
    });
  }
}
