import { mergeIntervals } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type CheckOutcome, runChecks } from '../nodes/run-checks.ts';
import { dropFailingRows, readFailingRows } from './failing-rows.ts';
import { judgedBy, type Looked } from './passed-tests.ts';
import { inSession, nodeOf } from './session.ts';
import { type Batch, NotPublished, type Work } from './step-work.ts';
import { storeFailures } from './store-failures.ts';

export interface Checked {
  readonly outcomes: readonly CheckOutcome[];
  readonly alone: ReadonlySet<NodeId>;
}

/**
 * Runs the tests of a batch on its rows. Tests that need the whole relation wait for the last batch, and so do all when
 * nothing is published before it. `alone`: those that look at the batch's own dates.
 * @throws NotPublished when one of severity `error` fails
 */
export async function checkBatch(work: Work, batch: Batch): Promise<Checked> {
  const { step, session, connection, inOnePiece, progress } = work;
  const alone = inOnePiece
    ? new Set<NodeId>()
    : new Set(step.checks.filter((id) => !step.checksOfAll.includes(id)));
  const due = session.publishFirst ? [] : step.checks.filter((id) => batch.isLast || alone.has(id));
  if (due.length === 0) return { outcomes: [], alone };
  const datesOf = ({ id }: Node) =>
    alone.has(id) ? batch.interval : session.plan.judging.get(id)?.dates;
  const tests = due.map((id) => nodeOf(id, session));
  const inStep = inSession(session, connection);
  const found = await runChecks(tests, { ...inStep, datesOf });
  const isKept = batch.isLast && !found.some(isFailed);
  const outcomes = isKept ? await storeFailures(found, inStep) : found;
  const seen = new Map(progress.checks);
  for (const outcome of outcomes) {
    const before = seen.get(outcome.node.id);
    seen.set(outcome.node.id, before ? worse(before, outcome) : outcome);
  }
  progress.checks = seen;
  const failed = outcomes.filter(isFailed);
  if (failed.length > 0) {
    const rows = await readFailingRows(failed, connection, session.dialect);
    throw new NotPublished(notPublished(failed.length), rows);
  }
  if (batch.isLast) progress.dropped = await dropFailingRows(tests, connection, session);
  return { outcomes, alone };
}

/** What a test of the batch has looked at when it has passed. */
export function lookedAt(test: Node, work: Work, batch: Batch, alone: ReadonlySet<NodeId>): Looked {
  const { step, before, session } = work;
  const judging = session.plan.judging.get(test.id);
  if (judging) return judgedBy(judging);
  if (alone.has(test.id) && batch.interval) {
    return { ranges: [batch.interval], all: step.replace && batch.isFirst };
  }
  if (!test.check?.judgesDatesAlone) return { ranges: [], all: true };
  const stay = step.replace ? [] : (step.asOf?.keeps ?? before?.ranges ?? []);
  return { ranges: mergeIntervals([...stay, ...step.batches]), all: true };
}

const isFailed = ({ status }: CheckOutcome): boolean => status === 'fail' || status === 'error';

const notPublished = (count: number): string =>
  `Not published: ${count} test${count === 1 ? '' : 's'} failed on the new rows`;

const RANK = { pass: 0, warn: 1, fail: 2, error: 3 } as const;

/** Of two batches' outcomes of one test the worse one, with the failures of both. */
function worse(before: CheckOutcome, after: CheckOutcome): CheckOutcome {
  const worst = RANK[after.status] >= RANK[before.status] ? after : before;
  return { ...worst, failures: (before.failures ?? 0) + (after.failures ?? 0) };
}
