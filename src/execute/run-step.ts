import type { Connection, Dialect, RelationType, Warehouse } from '../adapters/adapter.ts';
import { VeloError, VeloErrors } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId, Reference } from '../core/node.ts';
import type { LedgerEntry } from '../core/node-state.ts';
import type { Plan, PlanStep } from '../core/plan.ts';
import type { NodeResult } from '../core/result.ts';
import type { Compiled, CompileOptions } from '../nodes/compile.ts';
import { builderOf } from '../nodes/index.ts';
import type { ProjectFolders } from '../nodes/node-kind.ts';
import { type CheckOutcome, judgesRangesAlone, runChecks } from '../nodes/run-checks.ts';
import type { LedgerWriter } from '../state/ledger.ts';

/** What every step of a run shares. */
export interface Session {
  readonly plan: Plan;
  readonly nodes: ReadonlyMap<NodeId, Node>;
  readonly warehouse: Warehouse;
  readonly dialect: Dialect;
  readonly ledger: LedgerWriter;
  /** Which relations stand in the warehouse now. Steps keep it up to date. */
  readonly existing: Map<NodeId, RelationType>;
  readonly folders: ProjectFolders;
  compile(node: Node, options: CompileOptions): Compiled;
  resolve(from: Node, reference: Reference): Node;
  /** Called with each entry once it is committed. */
  onCommitted(entries: readonly LedgerEntry[]): void;
  readonly now: () => number;
  readonly emit: Emit;
}

/** What a step came to: the node's own result first, then one for each of its tests. */
export interface StepOutcome {
  readonly node: Omit<NodeResult, 'thread' | 'startedAt' | 'durationMs'>;
  readonly checks: readonly CheckOutcome[];
}

/** Thrown inside a transaction so that it is rolled back; never leaves this file. */
class NotPublished extends Error {}

/**
 * Builds one node: for each batch the rows, the tests on them and the ledger's entry in one
 * transaction. If an error-level test fails, nothing of the batch is published.
 */
export async function runStep(step: PlanStep, session: Session): Promise<StepOutcome> {
  const node = nodeOf(step.node, session);
  return node.check ? runTest(node, session) : buildNode(node, step, session);
}

function nodeOf(id: NodeId, { nodes }: Session): Node {
  const node = nodes.get(id);
  if (!node) throw new Error(`the plan names ${id}, which the manifest lacks`);
  return node;
}

async function runTest(node: Node, session: Session): Promise<StepOutcome> {
  const startedAt = session.now();
  const [outcome] = await session.warehouse.use(async (connection) => {
    const outcomes = await runChecks([node], { ...session, connection, changed: undefined });
    const passed = passedEntries(outcomes, startedAt, session);
    if (passed.length > 0) {
      await connection.execute(session.ledger.insert(passed, session.now()));
      session.onCommitted(passed);
    }
    return outcomes;
  });
  if (!outcome) throw new Error(`${node.id} has no outcome`);
  const { status, message, failures, compiledCode, error } = outcome;
  const result = { node: node.id, status, message, failures, rows: undefined, compiledCode, error };
  return { node: result, checks: [] };
}

/** What has been done of a step so far. */
interface Progress {
  rows: number | undefined;
  message: string;
  compiledCode: string | undefined;
  readonly checks: Map<NodeId, CheckOutcome>;
}

async function buildNode(node: Node, step: PlanStep, session: Session): Promise<StepOutcome> {
  const progress: Progress = {
    rows: undefined,
    message: '',
    compiledCode: undefined,
    checks: new Map(),
  };
  try {
    await session.warehouse.use((connection) =>
      buildBatches(node, step, connection, progress, session),
    );
  } catch (error) {
    return failedOutcome(node, error, progress);
  }
  const { rows, message, compiledCode, checks } = progress;
  const text = rows === undefined ? message : `INSERT ${rows}`;
  const base = { node: node.id, failures: undefined, rows, compiledCode, error: undefined };
  return { node: { ...base, status: 'success', message: text }, checks: [...checks.values()] };
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

/** A batch, and its place in its step. `inOnePiece`: all batches share one transaction. */
interface Batch {
  readonly interval: Interval | undefined;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly inOnePiece: boolean;
}

/** A relation that is made anew is published in one piece; a fill commits batch by batch. */
async function buildBatches(
  node: Node,
  step: PlanStep,
  connection: Connection,
  progress: Progress,
  session: Session,
): Promise<void> {
  const intervals = step.batches.length > 0 ? step.batches : [undefined];
  const inOnePiece = step.replace && session.existing.has(node.id);
  const batches = intervals.map((interval, index): Batch => {
    const isLast = index === intervals.length - 1;
    return { interval, isFirst: index === 0, isLast, inOnePiece };
  });
  const entries: LedgerEntry[] = [];
  const runOne = async (batch: Batch, index: number) => {
    entries.push(...(await buildBatch(node, step, batch, connection, progress, session)));
    if (batch.interval)
      reportBatch(node, batch.interval, index + 1, batches.length, progress, session);
  };
  const commit = () => {
    session.onCommitted(entries.splice(0));
    session.existing.set(node.id, node.storesRows ? 'table' : 'view');
  };
  if (inOnePiece) {
    await connection.transaction(async () => {
      for (const [index, batch] of batches.entries()) await runOne(batch, index);
    });
    commit();
    return;
  }
  for (const [index, batch] of batches.entries()) {
    await connection.transaction(() => runOne(batch, index));
    commit();
  }
}

function reportBatch(
  node: Node,
  batch: Interval,
  done: number,
  total: number,
  { rows }: Progress,
  { emit }: Session,
): void {
  emit({ type: 'batch-finished', node: node.id, batch, done, total, rows });
}

async function buildBatch(
  node: Node,
  step: PlanStep,
  batch: Batch,
  connection: Connection,
  progress: Progress,
  session: Session,
): Promise<LedgerEntry[]> {
  const { dialect, ledger, now } = session;
  const startedAt = now();
  const replace = step.replace && batch.isFirst;
  const existing = step.replace && !batch.isFirst ? 'table' : session.existing.get(node.id);
  const built = await builderOf(node).build(node, {
    connection,
    dialect,
    existing,
    replace,
    batch: batch.interval,
    folders: session.folders,
    compile: session.compile,
    resolve: session.resolve,
  });
  progress.rows = built.rows === undefined ? progress.rows : (progress.rows ?? 0) + built.rows;
  progress.message = built.message;
  progress.compiledCode = built.compiledCode ?? progress.compiledCode;
  const passed = await checkBatch(node, step, batch, connection, progress, session);
  const durationMs = now() - startedAt;
  const range = batch.interval;
  const version = versionOf(node.id, session);
  const { fingerprint } = node;
  const own: LedgerEntry = {
    node: node.id,
    ...version,
    fingerprint,
    replaces: replace || range === undefined,
    range,
    rows: built.rows,
    durationMs,
  };
  const entries = [own, ...passedEntries(passed, startedAt, session)];
  await connection.execute(ledger.insert(entries, now()));
  return entries;
}

/**
 * Runs the tests of a batch on its rows. Those that need the whole table wait for the last batch, and so
 * do all when nothing is published before it.
 */
async function checkBatch(
  node: Node,
  step: PlanStep,
  { interval, isLast, inOnePiece }: Batch,
  connection: Connection,
  progress: Progress,
  session: Session,
): Promise<readonly CheckOutcome[]> {
  const tests = step.checks.map((id) => nodeOf(id, session));
  const { asOf } = node;
  const due = tests.filter(
    (test) => isLast || (asOf && !inOnePiece && judgesRangesAlone(test, asOf.column)),
  );
  if (due.length === 0) return [];
  const changed =
    asOf && interval && !inOnePiece
      ? { node: node.id, column: asOf.column, grain: asOf.grain, interval }
      : undefined;
  const outcomes = await runChecks(due, { ...session, connection, changed });
  for (const outcome of outcomes) {
    const before = progress.checks.get(outcome.node.id);
    progress.checks.set(outcome.node.id, before ? worse(before, outcome) : outcome);
  }
  const failed = outcomes.filter(({ status }) => status === 'fail' || status === 'error');
  if (failed.length > 0) throw new NotPublished(notPublished(failed.length));
  return isLast
    ? outcomes.filter(({ node: test }) => progress.checks.get(test.id)?.status === 'pass')
    : [];
}

const notPublished = (count: number): string =>
  `Not published: ${count} test${count === 1 ? '' : 's'} failed on the new rows`;

const RANK = { pass: 0, warn: 1, fail: 2, error: 3 } as const;

/** Of two batches' outcomes of one test the worse one, with the failures of both. */
function worse(before: CheckOutcome, after: CheckOutcome): CheckOutcome {
  const worst = RANK[after.status] >= RANK[before.status] ? after : before;
  return { ...worst, failures: (before.failures ?? 0) + (after.failures ?? 0) };
}

/** Passed tests are noted, so that they need not run again on the same rows. */
function passedEntries(
  outcomes: readonly CheckOutcome[],
  startedAt: number,
  session: Session,
): LedgerEntry[] {
  return outcomes
    .filter(({ status }) => status === 'pass')
    .map(({ node }) => ({
      node: node.id,
      ...versionOf(node.id, session),
      fingerprint: node.fingerprint,
      replaces: true,
      range: undefined,
      rows: undefined,
      durationMs: session.now() - startedAt,
    }));
}

function versionOf(id: NodeId, { plan }: Session) {
  const found = plan.versions.get(id);
  if (!found) throw new Error(`the plan has no version for ${id}`);
  return { version: found.version, inputs: found.inputs };
}
