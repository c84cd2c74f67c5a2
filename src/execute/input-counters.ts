import type { Node, NodeId } from '../core/node.ts';
import { type LedgerEntry, lastChange, type NodeState, stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import type { Session } from './session.ts';

/**
 * Change counters of a node's dated inputs as it is about to read them; inputs whose changes nobody has compared yet are
 * compared now. When late rows are left for another run, what has been seen stays what it was.
 */
export async function countersOf(
  node: Node,
  step: PlanStep,
  session: Session,
): Promise<Readonly<Record<string, number>>> {
  if (!node.asOf) return {};
  const old = step.asOf?.ignoresLate ? stateOf(session.states, node)?.seen : undefined;
  const seen: Record<string, number> = {};
  for (const input of datedInputs(node, session)) {
    await session.observe(input);
    seen[input.id] = old?.[input.id] ?? lastChange(stateOf(session.changes, input));
  }
  return seen;
}

function datedInputs(node: Node, { nodes, resolve }: Session): Node[] {
  const inputs = new Map<NodeId, Node>();
  for (const reference of node.references) {
    const input = nodes.get(resolve(node, reference).id);
    if (input && (input.asOf || input.eventTime !== undefined)) inputs.set(input.id, input);
  }
  return [...inputs.values()];
}

/** The dates that stay finished, told anew beside what is built: other dates, or the code, are not what they were. */
export function keptEntries(
  built: LedgerEntry,
  { replace, asOf }: PlanStep,
  before: NodeState | undefined,
): LedgerEntry[] {
  if (replace || !asOf?.keeps || !before) return [];
  const { rows, totalRows, durationMs } = before;
  const ranges = asOf.keeps.length > 0 ? asOf.keeps : [undefined];
  return ranges.map((range, index) => ({
    ...built,
    kind: 'finished',
    rows,
    totalRows,
    durationMs,
    range,
    replaces: index === 0,
  }));
}
