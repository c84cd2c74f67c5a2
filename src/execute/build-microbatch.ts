import type { Connection } from '../adapters/adapter.ts';
import { VeloError, VeloErrors } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import type { LedgerEntry } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import type { BatchResult, BatchStatus, NodeResult } from '../core/result.ts';
import { dressRelation } from '../nodes/dress-relation.ts';
import { runNodeHooks } from '../nodes/hooks.ts';
import { builderOf } from '../nodes/index.ts';
import { rowVersion } from './passed-tests.ts';
import { inSession, type Session, type StepOutcome } from './session.ts';

/** A model on its way through its batches. */
interface Work {
  readonly node: Node;
  readonly step: PlanStep;
  readonly session: Session;
  readonly connection: Connection;
  readonly results: BatchResult[];
  readonly progress: Progress;
}

interface Progress {
  rows: number | undefined;
  /** The first one. */
  fault: VeloError | VeloErrors | undefined;
  /** The batches that come are left out. */
  isStopped: boolean;
}

/**
 * Builds dbt's microbatch: each batch in a transaction of its own, so what is done stays done when a later one fails.
 * When the first fails the others are left out. Its tests are its caller's: they come when all batches are there.
 */
export async function buildMicrobatch(
  node: Node,
  step: PlanStep,
  session: Session,
): Promise<StepOutcome> {
  const results: BatchResult[] = [];
  const progress: Progress = { rows: undefined, fault: undefined, isStopped: false };
  await session.warehouse.use(async (connection) => {
    const work: Work = { node, step, session, connection, results, progress };
    await buildBatches(work).catch((error: unknown) => {
      progress.fault ??= faultOf(error);
    });
  }, node.id);
  return { node: resultOf(node, step, results, progress), checks: [] };
}

async function buildBatches(work: Work): Promise<void> {
  const { node, step, session, connection, progress } = work;
  const total = step.batches.length;
  const inStep = inSession(session, connection);
  await runNodeHooks(node, 'pre-hook', 'outside', inStep);
  for (const [at, batch] of step.batches.entries()) {
    const place = { node: node.id, batch, total };
    const { isStopped } = progress;
    if (!isStopped) session.emit({ type: 'batch-started', ...place, index: at + 1 });
    const status: BatchStatus = isStopped
      ? leaveOut(batch, work)
      : await buildBatch(batch, at, work);
    session.emit({ type: 'batch-finished', ...place, done: at + 1, rows: progress.rows, status });
  }
  if (!progress.fault) await runNodeHooks(node, 'post-hook', 'outside', inStep);
}

const isInterrupted = (fault: VeloError | VeloErrors): boolean =>
  fault instanceof VeloError && fault.code === 'interrupted';

function leaveOut(interval: Interval, { results }: Work): BatchStatus {
  results.push(batchAs('skipped')(interval));
  return 'skipped';
}

/** One batch from its SQL to its commit; a fault is its result. */
async function buildBatch(interval: Interval, at: number, work: Work): Promise<BatchStatus> {
  const { node, session, connection, results, progress } = work;
  try {
    const { lines, rows, compiledCode } = await session.inTurn(() =>
      connection.transaction(() => writeBatch(interval, at, work)),
    );
    session.onCommitted(lines);
    if (rows !== undefined) progress.rows = (progress.rows ?? 0) + rows;
    session.existing.set(node.id, 'table');
    results.push({ interval, status: 'success', compiledCode });
    return 'success';
  } catch (error) {
    const fault = faultOf(error);
    progress.fault ??= fault;
    progress.isStopped ||= at === 0 || isInterrupted(fault);
    results.push(batchAs('error')(interval));
    return 'error';
  }
}

async function writeBatch(batch: Interval, at: number, work: Work) {
  const { node, step, session, connection } = work;
  const startedAt = session.now();
  const inBatch = inSession(session, connection, batch);
  const isFirst = at === 0;
  const isRefreshed = step.reasons.some(({ code }) => code === 'full-refresh');
  if (isFirst) await runNodeHooks(node, 'pre-hook', 'inside', inBatch);
  const { rows, compiledCode } = await builderOf(node).build(node, {
    ...inBatch,
    existing: session.existing.get(node.id),
    replace: step.replace && isFirst,
    // As in dbt: while it is made anew no batch adds to what was there.
    ...(step.replace && isRefreshed ? { isIncremental: false } : {}),
    batch,
  });
  if (at === step.batches.length - 1) await runNodeHooks(node, 'post-hook', 'inside', inBatch);
  if (isFirst) await dressRelation(node, inBatch);
  const entry: LedgerEntry = {
    kind: 'built',
    node: node.id,
    place: node.place,
    ...rowVersion(session.plan, node),
    fingerprint: node.fingerprint,
    seen: {},
    epoch: '',
    replaces: true,
    range: undefined,
    rows,
    totalRows: undefined,
    durationMs: session.now() - startedAt,
  };
  const { statement, lines } = session.ledger.insert([entry], session.now());
  await connection.execute(statement);
  return { lines, rows, compiledCode };
}

function resultOf(
  node: Node,
  { batches, batchesBefore = [] }: PlanStep,
  results: readonly BatchResult[],
  { rows, fault }: Progress,
): StepOutcome['node'] {
  const done = results.filter(({ status }) => status === 'success').length;
  // Batches that were not even reached because a hook failed are still to be done.
  const unreached = batches.slice(results.length).map(batchAs('skipped'));
  return {
    node: node.id,
    ...verdict(done, batches.length, fault),
    failures: 0,
    rows: done > 0 ? rows : undefined,
    error: fault,
    compiledCode: undefined,
    batches: [...results, ...unreached, ...batchesBefore.map(batchAs('success'))],
  };
}

const batchAs =
  (status: BatchStatus) =>
  (interval: Interval): BatchResult => ({ interval, status, compiledCode: undefined });

/** What a run that was to do batches again, and did not come to it, must hand on to the next one. */
export const batchesLeft = ({ batches, batchesBefore }: PlanStep): Pick<NodeResult, 'batches'> =>
  batchesBefore
    ? { batches: [...batches.map(batchAs('skipped')), ...batchesBefore.map(batchAs('success'))] }
    : {};

function verdict(
  done: number,
  total: number,
  fault: VeloError | VeloErrors | undefined,
): Pick<NodeResult, 'status' | 'message'> {
  if (!fault) return { status: 'success', message: 'SUCCESS' };
  if (done === 0 || done === total) return { status: 'error', message: messageOf(fault) };
  return { status: 'partial success', message: `PARTIAL SUCCESS (${done}/${total})` };
}

const messageOf = (fault: VeloError | VeloErrors): string =>
  fault instanceof VeloErrors
    ? fault.errors.map(({ message }) => message).join('\n')
    : fault.message;

/** @throws the error when it is none a user can repair */
function faultOf(error: unknown): VeloError | VeloErrors {
  if (error instanceof VeloError || error instanceof VeloErrors) return error;
  throw error;
}
