import type { Node, NodeId } from '../core/node.ts';
import { lastChange, stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import { runChecks } from '../nodes/run-checks.ts';
import { buildNode } from './build-node.ts';
import { type Looked, passedEntries } from './passed-tests.ts';
import { inSession, nodeOf, type Session, type StepOutcome } from './session.ts';

/** Builds one node with the tests that guard it, or runs one test by itself. Failures are outcomes. */
export async function runStep(step: PlanStep, session: Session): Promise<StepOutcome> {
  const node = nodeOf(step.node, session);
  return node.check ? runTest(node, session) : buildNode(node, step, session);
}

async function runTest(test: Node, session: Session): Promise<StepOutcome> {
  const [outcome] = await session.warehouse.use(async (connection) => {
    const outcomes = await runChecks([test], {
      ...inSession(session, connection),
      changed: undefined,
    });
    const seenOf = (id: NodeId) => lastChange(stateOf(session.changes, nodeOf(id, session)));
    const passed = passedEntries(outcomes, () => lookedAt(test, session), session.plan, seenOf);
    if (passed.length > 0) {
      const { statement, lines } = session.ledger.insert(passed, session.now());
      await connection.execute(statement);
      session.onCommitted(lines);
    }
    return outcomes;
  });
  if (!outcome) throw new Error(`${test.id} has no outcome`);
  const { status, message, failures, compiledCode, error } = outcome;
  const node = { node: test.id, status, message, failures, rows: undefined, compiledCode, error };
  return { node, checks: [] };
}

/** A test by itself looks at all rows: of an as_of node at all the dates it has. */
function lookedAt({ check }: Node, { nodes, states }: Session): Looked {
  const tested = check?.judgesDatesAlone && check.attachedTo && nodes.get(check.attachedTo);
  return { all: true, ranges: tested ? (stateOf(states, tested)?.ranges ?? []) : [] };
}
