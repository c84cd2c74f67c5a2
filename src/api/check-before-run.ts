import type { TypedColumnName, Warehouse } from '../adapters/adapter.ts';
import { bindNodes } from '../binding/bind-nodes.ts';
import type { ComingRun } from '../binding/inputs.ts';
import { queryColumns } from '../binding/query-columns.ts';
import { DatabaseError, type VeloError, VeloErrors } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Plan, PlanStep } from '../core/plan.ts';
import type { Relation } from '../core/relation.ts';
import { FAILED, type NodeResult, type RunResult, untouched } from '../core/result.ts';
import { overridingMacros } from '../nodes/build-macros.ts';
import { customOf } from '../nodes/custom-materialization.ts';
import { BOUND_KINDS, readRecord, writeRecord } from './bind-project.ts';
import { lendScratch } from './lend-scratch.ts';
import type { LoadedProject } from './load-project.ts';
import { modelTools } from './model-tools.ts';

/**
 * Has the engine look at the SQL of what a plan builds and tests, without rows, in the run's own session. Where some of it
 * is certain to fail this is the whole run: those are errors, all others are skipped. What cannot be told before there are
 * rows, hooks have run or macros have made it is left to the run. @throws DatabaseError
 */
export async function checkBeforeRun(
  plan: Plan,
  project: LoadedProject,
  warehouse: Warehouse,
  signal: AbortSignal | undefined,
): Promise<RunResult | undefined> {
  const steps = plan.steps.filter(({ action }) => action === 'build');
  const isAsked = new Set(steps.flatMap(({ node, checks }) => [node, ...checks]));
  const found = await bind(isAsked, quiet(project), warehouse, signal);
  const faults = new Map<NodeId, Fault>();
  for (const [id, binding] of found) {
    if (binding.status !== 'error') continue;
    const owner = ownerOf(id, isAsked, project);
    if (owner === undefined) continue;
    const errors = [...(faults.get(owner)?.errors ?? []), ...binding.errors];
    faults.set(owner, { errors, compiledCode: binding.compiledCode });
  }
  return faults.size === 0 ? undefined : refused(plan, faults, project);
}

interface Fault {
  readonly errors: readonly VeloError[];
  readonly compiledCode: string | undefined;
}

/** Templates are rendered once more when they are built: what they say is told then. */
const quiet = (project: LoadedProject): LoadedProject => ({
  ...project,
  emit: () => undefined,
  warn: () => undefined,
  scope: { ...project.scope, warn: () => undefined },
});

async function bind(
  isAsked: ReadonlySet<NodeId>,
  project: LoadedProject,
  warehouse: Warehouse,
  signal: AbortSignal | undefined,
) {
  const { graph, settings, adapter } = project;
  await using tools = modelTools(project, signal);
  const around = withInputs(isAsked, project);
  const record = await readRecord(project);
  const bound = await bindNodes({
    nodes: graph.order.filter(({ id, kind }) => around.has(id) && BOUND_KINDS.has(kind)),
    parentsOf: graph.parents,
    projectDir: settings.projectDir,
    record,
    readsFiles: adapter.dialect.readFiles('', 'csv') !== undefined,
    standing: (relation) => standingIn(warehouse, relation, project),
    lend: async (work) => (await lendScratch(project, warehouse, tools, isAsked))(work),
    run: await comingRun(isAsked, project),
  });
  const isNew = [...bound.found.values()].some(({ status }) => status !== 'kept');
  if (isNew) await writeRecord(project, bound.record);
  return bound.found;
}

/** What is asked for and what it reads: of what is not built no more than its columns matter. */
function withInputs(isAsked: ReadonlySet<NodeId>, { graph }: LoadedProject): ReadonlySet<NodeId> {
  const found = new Set(isAsked);
  // A set gives what is added to it while it is walked.
  for (const id of found) {
    const isRead = isAsked.has(id) || graph.nodes.get(id)?.materialized === 'ephemeral';
    if (isRead) for (const parent of graph.parents(id)) found.add(parent);
  }
  return found;
}

async function standingIn(
  warehouse: Warehouse,
  relation: Relation,
  { adapter }: LoadedProject,
): Promise<readonly TypedColumnName[] | undefined> {
  const sql = `select * from ${adapter.dialect.relation(relation)}`;
  try {
    return await warehouse.use((connection) => queryColumns(connection, sql));
  } catch (error) {
    if (error instanceof DatabaseError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}

async function comingRun(isAsked: ReadonlySet<NodeId>, project: LoadedProject): Promise<ComingRun> {
  const nodes = [...project.graph.nodes.values()];
  const makesMore = nodes.some(hasHooks);
  const names = new Set(nodes.flatMap(({ relation }) => relation?.name.toLowerCase() ?? []));
  const hasOwnMacros = overridingMacros(await project.macros()).length > 0;
  return {
    builds: ({ id }) => isAsked.has(id),
    isMadeByMacros: () => hasOwnMacros,
    isCertain(error) {
      if (!(error instanceof DatabaseError)) return true;
      if (error.fault !== 'missing') return error.fault === 'wrong-sql';
      const words = error.message.toLowerCase().match(/\w+/g) ?? [];
      return !makesMore && !words.some((word) => names.has(word));
    },
  };
}

/** Statements of the project's own may make what a SELECT names, though velo knows nothing of it. */
const hasHooks = (node: Node): boolean =>
  node.kind === 'operation' ||
  node.kind === 'function' ||
  customOf(node) !== undefined ||
  HOOKS.some((key) => isGiven(node.config[key]));

const HOOKS: readonly string[] = ['pre-hook', 'post-hook', 'sql_header'];

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : typeof value === 'string' && value !== '';

/** An error of an ephemeral model is one of the first node that is made with it. */
function ownerOf(
  id: NodeId,
  isAsked: ReadonlySet<NodeId>,
  { graph }: LoadedProject,
): NodeId | undefined {
  const found = new Set([id]);
  for (const one of found) {
    if (isAsked.has(one)) return one;
    for (const child of graph.children(one)) found.add(child);
  }
  return undefined;
}

/** What was asked for and is not done. */
function refused(
  plan: Plan,
  faults: ReadonlyMap<NodeId, Fault>,
  { now, startedAt, emit }: LoadedProject,
): RunResult {
  const at = now();
  const resultOf = (id: NodeId): NodeResult => {
    const skipped = untouched(id, 'skipped', 'wrong SQL was found before anything ran', at);
    const fault = faults.get(id);
    if (!fault) return skipped;
    const { errors, compiledCode } = fault;
    const error = errors.length === 1 ? errors[0] : new VeloErrors(errors);
    const message = errors.map((one) => one.message).join('\n');
    return { ...skipped, status: 'error', message, error, compiledCode };
  };
  const ofStep = ({ node, action, checks }: PlanStep) =>
    action === 'reuse' ? [untouched(node, 'reused', '', at)] : [node, ...checks].map(resultOf);
  const results = [...plan.steps.flatMap(ofStep), ...(plan.noted ?? []).map(resultOf)];
  tell(results, emit);
  return { results, elapsedMs: now() - startedAt, interrupted: false };
}

/** The errors alone: that all else is skipped is said at the end. */
function tell(results: readonly NodeResult[], emit: Emit): void {
  const failed = results.filter(({ status }) => FAILED.has(status));
  const total = results.filter(({ status }) => status !== 'reused').length;
  for (const [i, result] of failed.entries()) {
    emit({ type: 'node-finished', result, index: i + 1, total });
  }
}
