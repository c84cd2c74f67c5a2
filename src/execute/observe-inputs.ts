import { DatabaseError } from '../core/errors.ts';
import { formatInterval } from '../core/grain.ts';
import { type Interval, without } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type ChangeLog, CODE, type LedgerEntry, stateOf } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { rowsOf } from '../nodes/rows-of.ts';
import { rememberDays } from './compare-days.ts';
import { inSession, type Session } from './session.ts';

/**
 * Compares a dated input with what the ledger has seen of it and writes down which days changed; each input once a run.
 * As_of nodes know what they write, and an input that has not changed costs nothing.
 */
export function inputObserver(session: () => Session): Session['observe'] {
  const observed = new Map<NodeId, Promise<void>>();
  return (node) => {
    if (node.asOf || !isDue(node, session())) return Promise.resolve();
    const known = observed.get(node.id) ?? observe(node, session());
    observed.set(node.id, known);
    return known;
  };
}

function isDue(node: Node, { plan, changes }: Session): boolean {
  const log = stateOf(changes, node);
  const found = plan.measured.get(node.id);
  return (
    log?.observed !== plan.dated.get(node.id)?.version || (found !== undefined && found.length > 0)
  );
}

async function observe(node: Node, session: Session): Promise<void> {
  const { plan, warehouse, dialect, tables, changes, ledger, now } = session;
  const log = stateOf(changes, node);
  const planned = plan.measured.get(node.id);
  await warehouse.use(async (connection) => {
    const { compile } = inSession(session, connection);
    const rows = await rowsOf(node, { dialect, compile });
    const lines = await connection.transaction(async () => {
      const differing = await rememberDays(node, rows, { connection, dialect, tables });
      if (Array.isArray(planned)) refuseMore(node, differing, planned);
      const entries = changedEntries(node, plan, differing, log);
      const { statement, lines } = ledger.insert(entries, now());
      await connection.execute(statement);
      return lines;
    });
    session.onCommitted(lines);
  });
}

/** The plan left dates alone that these rows touch: nothing is built from them before it is made again. */
function refuseMore(
  node: Node,
  differing: readonly Interval[],
  planned: readonly Interval[],
): void {
  const [more] = without(differing, planned);
  if (!more) return;
  throw new DatabaseError(
    'input-changed',
    `'${node.name}' changed while the run was under way (${formatInterval(more, 'day')})`,
    '',
    { hint: 'run it again: the new rows are planned for then' },
  );
}

function changedEntries(
  { id, place }: Node,
  plan: Plan,
  differing: readonly Interval[],
  log: ChangeLog | undefined,
): LedgerEntry[] {
  const base: LedgerEntry = {
    kind: 'changed',
    node: id,
    place,
    version: plan.dated.get(id)?.version ?? '',
    fingerprint: { [CODE]: plan.dated.get(id)?.code ?? '' },
    inputs: {},
    seen: {},
    epoch: '',
    // What was never compared before may differ in anything.
    replaces: log === undefined,
    range: undefined,
    rows: undefined,
    totalRows: undefined,
    durationMs: 0,
  };
  if (log === undefined || differing.length === 0) return [base];
  return differing.map((range) => ({ ...base, range }));
}
