import type { Node, NodeId } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import { FAILED, type NodeResult, type RunResult, untouched } from '../core/result.ts';
import { batchesLeft } from './build-microbatch.ts';
import { runStep } from './run-step.ts';
import { schedule, type Verdict } from './schedule.ts';
import { nodeOf, type Session, type StepOutcome } from './session.ts';

export interface RunPlanOptions {
  readonly session: Session;
  /** Steps at once. */
  readonly threads: number;
  readonly failFast: boolean;
  /** Aborted: running statements are cancelled and rolled back, nothing more starts. */
  readonly signal: AbortSignal;
}

/** Does what the plan says: the only writer. Failures are results; nothing is half-published. */
export async function runPlan(options: RunPlanOptions): Promise<RunResult> {
  const { session, signal } = options;
  const startedAt = session.now();
  const report = createReport(session);
  const cancel = () => session.warehouse.interrupt();
  signal.addEventListener('abort', cancel);
  try {
    const left = await schedule({
      steps: session.plan.steps,
      limit: Math.min(options.threads, session.dialect.capabilities.maxConnections),
      durationMs: (id) => stateOf(session.states, nodeOf(id, session))?.durationMs,
      work: (step, thread) => work(step, thread, session, report),
      onlyLooks: ({ node }) => isDataTest(nodeOf(node, session)),
      skip: (step, blocker) => report.skip(step, `upstream ${nameOf(blocker, session)} failed`),
      signal,
      failFast: options.failFast,
    });
    report.note(session);
    for (const step of left) report.skip(step, signal.aborted ? 'interrupted' : 'fail fast');
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  const elapsedMs = session.now() - startedAt;
  return { results: report.results, elapsedMs, interrupted: signal.aborted };
}

const isDataTest = ({ check }: Node): boolean => check !== undefined && !check.runsBefore;

const nameOf = (id: NodeId, { nodes }: Session): string => nodes.get(id)?.name ?? id;

type Report = ReturnType<typeof createReport>;

/** Numbers results and tells of them; a step's tests count as results of their own. */
function createReport({ plan, emit, now }: Session) {
  const total = plan.steps
    .filter(({ action }) => action === 'build')
    .reduce((sum, { checks }) => sum + 1 + checks.length, plan.noted?.length ?? 0);
  const results: NodeResult[] = [];
  const indexes = new Map<NodeId, number>();
  const indexOf = (node: NodeId): number => {
    if (!indexes.has(node)) indexes.set(node, indexes.size + 1);
    return indexes.get(node) ?? 0;
  };
  const finish = (result: NodeResult): void => {
    results.push(result);
    emit({ type: 'node-finished', result, index: indexOf(result.node), total });
  };
  return {
    results,
    start: (node: NodeId) => emit({ type: 'node-started', node, index: indexOf(node), total }),
    finish,
    reuse: (node: NodeId) => results.push(untouched(node, 'reused', '', now())),
    /** What is never built, where all that it is made of stands. */
    note({ nodes, resolve }: Session) {
      const missed = new Set(
        results.flatMap(({ node, status }) =>
          FAILED.has(status) || status === 'skipped' ? node : [],
        ),
      );
      for (const id of plan.noted ?? []) {
        const node = nodes.get(id);
        const inputs = (node?.references ?? []).map((one) => node && resolve(node, one).id);
        const isMissing = inputs.some((input) => input !== undefined && missed.has(input));
        const status = isMissing ? 'skipped' : 'no-op';
        finish(untouched(id, status, isMissing ? 'upstream failed' : '', now()));
      }
    },
    skip(step: PlanStep, reason: string) {
      if (step.action === 'reuse') return;
      finish({ ...untouched(step.node, 'skipped', reason, now()), ...batchesLeft(step) });
      for (const check of step.checks) finish(untouched(check, 'skipped', reason, now()));
    },
  };
}

async function work(
  step: PlanStep,
  thread: number,
  session: Session,
  report: Report,
): Promise<Verdict> {
  if (step.action === 'reuse') {
    report.reuse(step.node);
    return true;
  }
  const startedAt = session.now();
  report.start(step.node);
  const outcome = await runStep(step, session);
  const timing = { thread, startedAt, durationMs: session.now() - startedAt };
  report.finish({ ...outcome.node, ...timing });
  reportChecks(step, outcome, timing, session, report);
  if (FAILED.has(outcome.node.status)) return false;
  // A node that was published before its tests failed stands: what is made of it does not start, its other tests do.
  return outcome.checks.some(({ status }) => FAILED.has(status)) ? 'untested' : true;
}

/** Tests that did not come to run, because the node failed before, are skipped. */
function reportChecks(
  step: PlanStep,
  outcome: StepOutcome,
  timing: Pick<NodeResult, 'thread' | 'startedAt' | 'durationMs'>,
  session: Session,
  report: Report,
): void {
  const byNode = new Map(outcome.checks.map((check) => [check.node.id, check]));
  for (const id of step.checks) {
    const check = byNode.get(id);
    report.start(id);
    if (!check) {
      const message = `${nameOf(step.node, session)} failed`;
      report.finish(untouched(id, 'skipped', message, timing.startedAt));
      continue;
    }
    const { status, message, failures, keptIn, compiledCode, error } = check;
    report.finish({
      node: id,
      status,
      message,
      failures,
      keptIn,
      compiledCode,
      error,
      rows: undefined,
      ...timing,
      durationMs: 0,
    });
  }
}
