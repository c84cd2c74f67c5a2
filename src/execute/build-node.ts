import { VeloError, VeloErrors } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import { runNodeHooks } from '../nodes/hooks.ts';
import type { LedgerLine } from '../state/ledger.ts';
import { buildBatch } from './build-batch.ts';
import { type FailingRows, keepFailingRows } from './failing-rows.ts';
import { countersOf } from './input-counters.ts';
import { separabilityDoubts } from './separability-doubts.ts';
import { inSession, type Session, type StepOutcome } from './session.ts';
import { NotPublished, type Progress, type Work } from './step-work.ts';

/**
 * Builds one node: for each batch the rows, the tests on them and the ledger's entry in one
 * transaction. If an error-level test fails, nothing of the batch is published.
 */
export async function buildNode(
  node: Node,
  step: PlanStep,
  session: Session,
): Promise<StepOutcome> {
  const before = stateOf(session.states, node);
  const progress: Progress = {
    rows: undefined,
    totalRows: before?.totalRows,
    message: '',
    compiledCode: undefined,
    checks: new Map(),
    told: [],
    dropped: [],
  };
  try {
    const seen = await countersOf(node, step, session);
    await session.warehouse.use(
      async (connection) =>
        buildBatches({
          node,
          step,
          session,
          connection,
          progress,
          inOnePiece: step.replace && session.existing.has(node.id),
          before,
          seen,
          doubts: await separabilityDoubts(node, step, before, session, connection),
        }),
      node.id,
    );
  } catch (error) {
    for (const tell of progress.told) tell(false);
    if (error instanceof NotPublished) {
      await keepRows(error.failing, progress, session);
    }
    return failedOutcome(node, error, progress);
  }
  const { rows, message, compiledCode, checks } = progress;
  const text = rows === undefined ? message : `INSERT ${rows}`;
  const base = { node: node.id, failures: undefined, rows, compiledCode, error: undefined };
  return { node: { ...base, status: 'success', message: text }, checks: [...checks.values()] };
}

async function keepRows(
  failing: readonly FailingRows[],
  progress: Progress,
  session: Session,
): Promise<void> {
  const kept = await keepFailingRows(failing, session.warehouse, session);
  progress.checks = new Map([
    ...progress.checks,
    ...kept.map((outcome) => [outcome.node.id, outcome] as const),
  ]);
}

function failedOutcome(node: Node, error: unknown, progress: Progress): StepOutcome {
  const checks = [...progress.checks.values()];
  const base = {
    node: node.id,
    status: 'error' as const,
    failures: undefined,
    rows: undefined,
    compiledCode: progress.compiledCode,
  };
  if (error instanceof NotPublished) {
    return { node: { ...base, message: error.message, error: undefined }, checks };
  }
  if (error instanceof VeloErrors) {
    const message = error.errors.map((one) => one.message).join('\n');
    return { node: { ...base, message, error }, checks };
  }
  if (!(error instanceof VeloError)) throw error;
  return { node: { ...base, message: error.message, error }, checks };
}

/** A relation that is made anew is published in one piece; a fill commits batch by batch. */
async function buildBatches(work: Work): Promise<void> {
  const { node, step, session, connection, inOnePiece, progress } = work;
  const intervals = step.batches.length > 0 ? step.batches : [undefined];
  const entries: LedgerLine[] = [];
  const buildOne = async (interval: Interval | undefined, index: number) => {
    const isLast = index === intervals.length - 1;
    entries.push(...(await buildBatch(work, { interval, isFirst: index === 0, isLast })));
  };
  const tell = (interval: Interval | undefined, index: number) => {
    if (!interval) return;
    const place = { batch: interval, done: index + 1, total: intervals.length };
    session.emit({ type: 'batch-finished', node: node.id, ...place, rows: progress.rows });
  };
  const buildAll = async () => {
    for (const [index, interval] of intervals.entries()) {
      await buildOne(interval, index);
      tell(interval, index);
    }
  };
  const publish = async (build: () => Promise<void>) => {
    const before = { ...progress };
    await session.inTurn(() => {
      Object.assign(progress, before);
      entries.length = 0;
      return connection.transaction(build);
    });
    session.onCommitted(entries.splice(0));
    session.existing.set(node.id, node.storesRows ? 'table' : 'view');
    for (const name of progress.dropped) session.audit.tables.delete(name);
    for (const tell of progress.told) tell(true);
    progress.told = [];
  };
  const inStep = inSession(session, connection);
  await runNodeHooks(node, 'pre-hook', 'outside', inStep);
  if (inOnePiece) {
    await publish(buildAll);
  } else {
    for (const [index, interval] of intervals.entries()) {
      await publish(() => buildOne(interval, index));
      tell(interval, index);
    }
  }
  await runNodeHooks(node, 'post-hook', 'outside', inStep);
}
