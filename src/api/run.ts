import { join } from 'node:path';
import { manifestArtifact } from '../artifacts/manifest.ts';
import { planArtifact } from '../artifacts/plan.ts';
import { runResultsArtifact } from '../artifacts/run-results.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { writeCompiled, writeCompiledBatches } from '../artifacts/write-compiled.ts';
import { readEnvironment } from '../config/environment.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import { type RunResult, untouched } from '../core/result.ts';
import { deferReferences } from './defer-references.ts';
import { eventTimeWindow } from './event-time.ts';
import { excerptAsked } from './excerpt.ts';
import type { executePlan } from './execute-plan.ts';
import { type LoadedProject, loadProject } from './load-project.ts';

import { manifestInput } from './manifest-input.ts';
import { alone } from './one-run-at-once.ts';
import { type PlanOptions, whatIsAsked } from './plan.ts';
import { type Asked, planFor } from './plan-for.ts';
import { timed } from './timed.ts';
import { openSession, type WarehouseSession } from './warehouse-session.ts';
import { warnOfParts } from './warn-of-parts.ts';
import { warnOfRows } from './warn-of-rows.ts';
import { warnOfUnapplied } from './warn-of-unapplied.ts';

export interface RunOptions extends PlanOptions {
  readonly failFast?: boolean | undefined;
  /** Tests keep the rows they find, where their settings do not say. */
  readonly storeFailures?: boolean | undefined;
  /** The command's flags as run_results.json lists them. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The whole of `velo build`, `run`, `test` and `seed`, top to bottom. Only `execute` changes anything.
 * Failures of nodes are results. @throws VeloError, VeloErrors when it cannot start
 */
export async function run(options: RunOptions): Promise<RunResult> {
  checkTimes(options);
  const loaded = await loadProject(options);
  return runProject(loaded, await whatIsAsked(loaded, options), options);
}

/** What `run` does once the project is read and it is known what is asked for. */
export const runProject = (
  loaded: LoadedProject,
  asked: Asked,
  options: RunOptions,
): Promise<RunResult> => alone(loaded, () => runAlone(loaded, asked, options));

async function runAlone(
  loaded: LoadedProject,
  asked: Asked,
  options: RunOptions,
): Promise<RunResult> {
  let hasStarted = false;
  let result: RunResult | undefined;
  try {
    await using session = await openSession(loaded);
    const relations = async () => session.state.relations;
    const project = await deferReferences(loaded, asked.selection, relations, options);
    const plan = await timed('plan', loaded.emit, () =>
      planToRun(project, session, asked, options),
    );
    const { emit } = project;
    const threads = project.adapterSettings.threads;
    const targetName = project.settings.target.name;
    const database = project.adapter.describe(project.adapterSettings);
    const { manifest } = project;
    const { capabilities } = project.adapter.dialect;
    warnOfUnapplied(plan, project.graph.nodes, capabilities, project.warn);
    warnOfParts(plan, project.graph, project.warn);
    warnOfRows(plan, project, session.state);
    emit({ type: 'run-started', manifest, plan, threads, targetName, database });
    hasStarted = true;
    result =
      isIdle(plan) && !hasHooks(plan, project)
        ? reusedResult(plan, project)
        : ((await timed('check', emit, () => checkFirst(plan, project, session, options))) ??
          (await timed('run', emit, () => execute(plan, project, session, options))));
    const ended = result;
    await Promise.all([
      settle(session, project),
      timed('artifacts', emit, () => writeRunArtifacts(project, ended, options, plan)),
    ]);
  } catch (error) {
    if (!hasStarted) tellFailed(loaded);
    if (!result) await writeRunArtifacts(loaded, emptyResult(loaded), options);
    throw error;
  }
  loaded.emit({ type: 'run-finished', result });
  return result;
}

/** Which target it was, and how long it was waited for: the error itself is thrown. */
function tellFailed(project: LoadedProject): void {
  const { threads } = project.adapterSettings;
  const targetName = project.settings.target.name;
  const elapsedMs = project.now() - project.startedAt;
  project.emit({ type: 'run-failed', threads, targetName, elapsedMs });
}

/** A mistake in times is told of before the project is read. @throws ConfigError 'usage' */
function checkTimes(options: RunOptions): void {
  const environment = options.environment ?? readEnvironment();
  eventTimeWindow(options, environment);
  excerptAsked(options, environment, (options.now ?? Date.now)());
}

/** The plan for what stands there once nobody else can change it; one with nothing to do needs no such hold. */
async function planToRun(
  project: LoadedProject,
  session: WarehouseSession,
  asked: Asked,
  options: RunOptions,
): Promise<Plan> {
  const plan = await planFor(project, session, asked, options);
  if (isIdle(plan) && !hasHooks(plan, project)) return plan;
  const isChanged = await session.hold();
  return isChanged ? planFor(project, session, asked, options) : plan;
}

/** Rows that cannot be moved to where they stay are safe in the log: they are when the database is opened next. */
async function settle(session: WarehouseSession, { emit }: LoadedProject): Promise<void> {
  try {
    await session.settle();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    session.distrust();
    emit({ type: 'warning', message: `the database was not tidied up: ${error.message}` });
  }
}

/** A run with nothing to do loads none of what building needs. */
const execute: typeof executePlan = async (plan, project, session, options) => {
  const { executePlan } = await import('./execute-plan.ts');
  const result = await executePlan(plan, project, session, options);
  // A commit that failed for want of disk may have come as far as the log.
  if (result.results.some(({ error }) => error instanceof DatabaseError)) session.distrust();
  return result;
};

/** The whole run, where the engine finds wrong SQL in what it is to do. `build` looks for it unless it is told not to. */
async function checkFirst(
  plan: Plan,
  project: LoadedProject,
  session: WarehouseSession,
  { command, inMemory, signal }: RunOptions,
): Promise<RunResult | undefined> {
  const isWanted = project.settings.flags.check ?? command === 'build';
  if (!isWanted || inMemory) return undefined;
  const { checkBeforeRun } = await import('./check-before-run.ts');
  try {
    return await checkBeforeRun(plan, project, await session.open(), signal);
  } catch (error) {
    // It needs a schema of its own; who may not make one may build all the same.
    if (error instanceof DatabaseError && error.code === 'permission-denied') return undefined;
    throw error;
  }
}

/** What was compared is written down also when it touches nothing: the next run need not look again. */
const isIdle = (plan: Plan): boolean =>
  plan.measured.size === 0 && plan.steps.every(({ action }) => action === 'reuse');

/** Hooks around the run belong to every run of something, also to one with nothing to do. */
const hasHooks = ({ steps }: Plan, { graph }: LoadedProject): boolean =>
  steps.length > 0 && [...graph.nodes.values()].some(({ kind }) => kind === 'operation');

const emptyResult = ({ now, startedAt }: LoadedProject): RunResult => ({
  results: [],
  elapsedMs: now() - startedAt,
  interrupted: false,
});

function reusedResult(plan: Plan, project: LoadedProject): RunResult {
  const startedAt = project.now();
  const results = plan.steps.map(({ node }) => untouched(node, 'reused', '', startedAt));
  return { ...emptyResult(project), results };
}

/** Always written, also after a failure, so that whoever watches knows how it ended. */
async function writeRunArtifacts(
  project: LoadedProject,
  result: RunResult,
  options: RunOptions,
  plan?: Plan,
): Promise<void> {
  const { settings, manifest } = project;
  const compiled = new Map(
    result.results.flatMap(({ node, compiledCode }) =>
      compiledCode === undefined ? [] : [[node, compiledCode] as const],
    ),
  );
  const input = manifestInput(project, compiled);
  const folder = join(settings.targetDir, 'compiled');
  writeCompiled(folder, manifest, compiled);
  writeCompiledBatches(folder, manifest, result.results);
  if (!settings.flags.writeJson) return;
  await writeArtifacts(settings.targetDir, {
    'manifest.json': manifestArtifact(input),
    ...(plan ? { 'plan.json': planArtifact({ ...input, plan }) } : {}),
    'run_results.json': runResultsArtifact({
      ...input,
      run: result,
      args: { which: options.command ?? 'build', ...options.args },
    }),
  });
}
