import type { Connection } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import { lastChange, stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import { FAILED } from '../core/result.ts';
import { type CheckOutcome, runChecks } from '../nodes/run-checks.ts';
import { storedFailures } from '../nodes/stored-failures.ts';
import { buildMicrobatch } from './build-microbatch.ts';
import { buildNode } from './build-node.ts';
import { dropFailingRows } from './failing-rows.ts';
import { judgedBy, type Looked, passedEntries } from './passed-tests.ts';
import { inSession, nodeOf, type Session, type StepOutcome } from './session.ts';
import { storeFailures } from './store-failures.ts';

/** Builds one node with the tests that guard it, or runs tests of rows that stand. Failures are outcomes. */
export async function runStep(step: PlanStep, session: Session): Promise<StepOutcome> {
  const node = nodeOf(step.node, session);
  if (node.check) return runTestStep(step, session);
  const build = node.microbatch ? buildMicrobatch : buildNode;
  const built = await build(node, step, session);
  const isPublished = session.publishFirst || node.microbatch !== undefined;
  const isToTest = isPublished && step.checks.length > 0 && !FAILED.has(built.node.status);
  if (!isToTest) return built;
  const tests = step.checks.map((id) => nodeOf(id, session));
  return { ...built, checks: await testPublished(tests, session) };
}

/** The tests of one node: that of the step, and those that share its scan. */
async function runTestStep(step: PlanStep, session: Session): Promise<StepOutcome> {
  const tests = [step.node, ...step.checks].map((id) => nodeOf(id, session));
  const [outcome, ...checks] = await session.warehouse.use(
    (connection) => runTests(tests, connection, session),
    step.node,
  );
  if (!outcome) throw new Error(`${step.node} has no outcome`);
  const { status, message, failures, keptIn, compiledCode, error } = outcome;
  const node = {
    node: step.node,
    status,
    message,
    failures,
    keptIn,
    rows: undefined,
    compiledCode,
    error,
  };
  return { node, checks };
}

/** What an earlier run kept from publication is out of date where the published rows pass. */
function testPublished(tests: readonly Node[], session: Session): Promise<readonly CheckOutcome[]> {
  return session.warehouse.use(async (connection) => {
    const outcomes = await runTests(tests, connection, session);
    const passed = outcomes.flatMap(({ node, status }) => (status === 'pass' ? [node] : []));
    const dropped = await dropFailingRows(passed, connection, session);
    for (const name of dropped) session.audit.tables.delete(name);
    return outcomes;
  });
}

/** Tests of rows that are published; the ledger notes which passed. */
async function runTests(
  tests: readonly Node[],
  connection: Connection,
  session: Session,
): Promise<readonly CheckOutcome[]> {
  const { judging } = session.plan;
  const datesOf = ({ id }: Node) => judging.get(id)?.dates;
  const step = inSession(session, connection);
  const found = await runChecks(tests, { ...step, datesOf });
  const outcomes = keepsRows(found, session)
    ? await connection.transaction(() => storeFailures(found, step))
    : found;
  const seenOf = (id: NodeId) => lastChange(stateOf(session.changes, nodeOf(id, session)));
  const looked = (test: Node) => lookedAt(test, session);
  const passed = passedEntries(outcomes, looked, session.plan, seenOf);
  if (passed.length > 0) {
    const { statement, lines } = session.ledger.insert(passed, session.now());
    await connection.execute(statement);
    session.onCommitted(lines);
  }
  return outcomes;
}

const keepsRows = (outcomes: readonly CheckOutcome[], { storesFailures }: Session): boolean =>
  outcomes.some(({ node }) => storedFailures(node, storesFailures) !== undefined);

/** A test by itself looks at all rows, unless the plan says at which; of an as_of node at all the dates it has. */
function lookedAt({ id, check }: Node, { nodes, plan, states }: Session): Looked {
  const judging = plan.judging.get(id);
  if (judging) return judgedBy(judging);
  const tested = check?.judgesDatesAlone && check.attachedTo && nodes.get(check.attachedTo);
  return { all: true, ranges: tested ? (stateOf(states, tested)?.ranges ?? []) : [] };
}
