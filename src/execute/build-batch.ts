import { without } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type LedgerEntry, lastChange, type NodeState, stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import { dressRelation } from '../nodes/dress-relation.ts';
import { runNodeHooks } from '../nodes/hooks.ts';
import { builderOf } from '../nodes/index.ts';
import type { BuildOutcome } from '../nodes/node-kind.ts';
import type { LedgerLine } from '../state/ledger.ts';
import { checkBatch, lookedAt } from './check-batch.ts';
import { checkDatesAlone } from './check-dates-alone.ts';
import { keptEntries } from './input-counters.ts';
import { passedEntries, rowVersion } from './passed-tests.ts';
import { inSession, nodeOf, type Session } from './session.ts';
import type { Batch, Progress, Work } from './step-work.ts';

/**
 * Writes the rows of a batch, looks at them with their tests and writes the ledger's lines, which it returns; inside a
 * transaction. @throws NotPublished, VeloError
 */
export async function buildBatch(work: Work, batch: Batch): Promise<readonly LedgerLine[]> {
  const { node, step, session, connection, progress, before, seen, doubts } = work;
  const startedAt = session.now();
  const replace = step.replace && batch.isFirst;
  const existing = step.replace && !batch.isFirst ? 'table' : session.existing.get(node.id);
  const inStep = keepingSql(work, inSession(session, connection));
  if (batch.isFirst) await runNodeHooks(node, 'pre-hook', 'inside', inStep);
  const built = await builderOf(node).build(node, {
    ...inStep,
    existing,
    replace,
    batch: batch.interval,
  });
  noteProgress(progress, built, replace);
  if (batch.interval) await checkDatesAlone(node, batch.interval, doubts ?? [], inStep);
  // Before the tests: what a hook writes is published with the rows, so it is judged with them.
  if (batch.isLast) await runNodeHooks(node, 'post-hook', 'inside', inStep);
  if (batch.isLast) await dressRelation(node, inStep);
  const entry: LedgerEntry = {
    kind: isAsItWas(step, batch, before) ? 'finished' : 'built',
    node: node.id,
    place: node.place,
    ...rowVersion(session.plan, node),
    fingerprint: node.fingerprint,
    seen,
    epoch: step.asOf?.epoch ?? '',
    replaces: replace || batch.interval === undefined,
    // Of a part of the inputs no date is finished.
    range: inStep.excerpt ? undefined : batch.interval,
    rows: built.rows,
    totalRows: progress.totalRows,
    durationMs: session.now() - startedAt,
  };
  const own = [...(batch.isFirst ? keptEntries(entry, step, before) : []), entry];
  const { outcomes, alone } = await checkBatch(work, batch);
  // At once with the insert: what others write in between would come under the numbers meant here.
  const ownSeq = session.ledger.lastSeq() + own.length;
  const seenOf = (id: NodeId) =>
    id === node.id ? ownSeq : lastChange(stateOf(session.changes, nodeOf(id, session)));
  const looked = (test: Node) => lookedAt(test, work, batch, alone);
  const passed = passedEntries(outcomes, looked, session.plan, seenOf);
  const { statement, lines } = session.ledger.insert([...own, ...passed], session.now());
  await connection.execute(statement);
  return lines;
}

/** The node's SQL is known also where the database refuses it. */
function keepingSql<T extends Pick<Session, 'compile'>>({ node, progress }: Work, inStep: T): T {
  const compile: T['compile'] = async (one, options) => {
    const compiled = await inStep.compile(one, options);
    if (one.id === node.id) progress.compiledCode = compiled.sql;
    return compiled;
  };
  return { ...inStep, compile };
}

/** Rows made anew that come to what they were are no change for who reads them. */
const isAsItWas = (
  { asOf }: PlanStep,
  { interval }: Batch,
  before: NodeState | undefined,
): boolean =>
  asOf?.sameRows === true &&
  interval !== undefined &&
  without([interval], before?.ranges ?? []).length === 0;

function noteProgress(progress: Progress, built: BuildOutcome, replaced: boolean): void {
  const { rows, removed, message, compiledCode } = built;
  const before = replaced ? 0 : progress.totalRows;
  progress.totalRows =
    rows === undefined || removed === undefined || before === undefined
      ? undefined
      : before + rows - (replaced ? 0 : removed);
  progress.rows = rows === undefined ? progress.rows : (progress.rows ?? 0) + rows;
  progress.message = message;
  progress.compiledCode = compiledCode ?? progress.compiledCode;
  if (built.tell) progress.told = [...progress.told, built.tell];
}
