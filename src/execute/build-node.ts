import type { Connection } from '../adapters/adapter.ts';
import { VeloError, VeloErrors } from '../core/errors.ts';
import { type Interval, mergeIntervals, without } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type LedgerEntry, lastChange, type NodeState, stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import { runNodeHooks } from '../nodes/hooks.ts';
import { builderOf } from '../nodes/index.ts';
import type { BuildOutcome } from '../nodes/node-kind.ts';
import { type CheckOutcome, runChecks } from '../nodes/run-checks.ts';
import type { LedgerLine } from '../state/ledger.ts';
import { checkDatesAlone } from './check-dates-alone.ts';
import {
  dropFailingRows,
  type FailingRows,
  keepFailingRows,
  readFailingRows,
} from './failing-rows.ts';
import { countersOf, keptEntries } from './input-counters.ts';
import { type Looked, passedEntries, rowVersion } from './passed-tests.ts';
import { type Doubt, separabilityDoubts } from './separability-doubts.ts';
import { inSession, nodeOf, type Session, type StepOutcome } from './session.ts';

/** Thrown inside a transaction so that it is rolled back; never leaves this file. */
class NotPublished extends Error {
  readonly failing: readonly FailingRows[];

  constructor(message: string, failing: readonly FailingRows[]) {
    super(message);
    this.failing = failing;
  }
}

/** One step on its way. */
interface Work {
  readonly node: Node;
  readonly step: PlanStep;
  readonly session: Session;
  readonly connection: Connection;
  /** All batches share one transaction: readers see the old relation until the last one. */
  readonly inOnePiece: boolean;
  /** What the ledger said of it before. */
  readonly before: NodeState | undefined;
  /** Change counters of its dated inputs as they are read now. */
  readonly seen: Readonly<Record<string, number>>;
  /** What speaks against building several dates at once; undefined when nobody asks. */
  readonly doubts: readonly Doubt[] | undefined;
  readonly progress: Progress;
}

/** What has been done of it so far. */
interface Progress {
  rows: number | undefined;
  /** Rows of the whole relation. */
  totalRows: number | undefined;
  message: string;
  compiledCode: string | undefined;
  checks: ReadonlyMap<NodeId, CheckOutcome>;
  /** Tables of failing rows that were dropped and not yet committed. */
  dropped: readonly string[];
}

interface Batch {
  readonly interval: Interval | undefined;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

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
    dropped: [],
  };
  try {
    const seen = await countersOf(node, step, session);
    await session.warehouse.use(async (connection) =>
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
    );
  } catch (error) {
    if (error instanceof NotPublished) await keepRows(error.failing, progress, session);
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

async function buildBatch(work: Work, batch: Batch): Promise<readonly LedgerLine[]> {
  const { node, step, session, connection, progress, before, seen, doubts } = work;
  const startedAt = session.now();
  const replace = step.replace && batch.isFirst;
  const existing = step.replace && !batch.isFirst ? 'table' : session.existing.get(node.id);
  const inStep = inSession(session, connection);
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
  const entry: LedgerEntry = {
    kind: isAsItWas(step, batch, before) ? 'finished' : 'built',
    node: node.id,
    place: node.place,
    ...rowVersion(session.plan, node),
    fingerprint: node.fingerprint,
    seen,
    epoch: step.asOf?.epoch ?? '',
    replaces: replace || batch.interval === undefined,
    range: batch.interval,
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
}

interface Checked {
  readonly outcomes: readonly CheckOutcome[];
  readonly alone: ReadonlySet<NodeId>;
}

/**
 * Runs the tests of a batch on its rows. Tests that need the whole relation wait for the last batch, and so do all when
 * nothing is published before it. `alone`: those that look at the batch's own dates.
 */
async function checkBatch(work: Work, batch: Batch): Promise<Checked> {
  const { node, step, session, connection, inOnePiece, progress } = work;
  const alone = inOnePiece
    ? new Set<NodeId>()
    : new Set(step.checks.filter((id) => !step.checksOfAll.includes(id)));
  const due = session.publishFirst ? [] : step.checks.filter((id) => batch.isLast || alone.has(id));
  if (due.length === 0) return { outcomes: [], alone };
  const { asOf } = node;
  const { interval } = batch;
  const changed = asOf &&
    interval && { node: node.id, column: asOf.column, grain: asOf.grain, interval, tests: alone };
  const tests = due.map((id) => nodeOf(id, session));
  const outcomes = await runChecks(tests, { ...inSession(session, connection), changed });
  const seen = new Map(progress.checks);
  for (const outcome of outcomes) {
    const before = seen.get(outcome.node.id);
    seen.set(outcome.node.id, before ? worse(before, outcome) : outcome);
  }
  progress.checks = seen;
  const failed = outcomes.filter(({ status }) => status === 'fail' || status === 'error');
  if (failed.length > 0) {
    const rows = await readFailingRows(failed, connection, session.dialect);
    throw new NotPublished(notPublished(failed.length), rows);
  }
  if (batch.isLast) progress.dropped = await dropFailingRows(tests, connection, session);
  return { outcomes, alone };
}

function lookedAt(test: Node, work: Work, batch: Batch, alone: ReadonlySet<NodeId>): Looked {
  const { step, before } = work;
  if (alone.has(test.id) && batch.interval) {
    return { ranges: [batch.interval], all: step.replace && batch.isFirst };
  }
  if (!test.check?.judgesDatesAlone) return { ranges: [], all: true };
  const stay = step.replace ? [] : (step.asOf?.keeps ?? before?.ranges ?? []);
  return { ranges: mergeIntervals([...stay, ...step.batches]), all: true };
}

const notPublished = (count: number): string =>
  `Not published: ${count} test${count === 1 ? '' : 's'} failed on the new rows`;

const RANK = { pass: 0, warn: 1, fail: 2, error: 3 } as const;

/** Of two batches' outcomes of one test the worse one, with the failures of both. */
function worse(before: CheckOutcome, after: CheckOutcome): CheckOutcome {
  const worst = RANK[after.status] >= RANK[before.status] ? after : before;
  return { ...worst, failures: (before.failures ?? 0) + (after.failures ?? 0) };
}
