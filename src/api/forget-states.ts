import type { Node } from '../core/node.ts';
import { type LedgerEntry, stateOf } from '../core/node-state.ts';
import { ledgerWriter } from '../state/ledger.ts';
import { ledgerTables, statePlace } from '../state/ledger-schema.ts';
import { prepareState } from '../state/warehouse-state.ts';
import type { LoadedProject } from './load-project.ts';
import type { WarehouseSession } from './warehouse-session.ts';

/** Notes that what stands in the places of these nodes was not built here: the next build does not take it for its own. */
export async function forgetStates(
  nodes: readonly Node[],
  { adapter, adapterSettings, invocationId, now }: LoadedProject,
  session: WarehouseSession,
): Promise<void> {
  const known = nodes.filter((node) => stateOf(session.states, node) !== undefined);
  if (known.length === 0) return;
  const { dialect } = adapter;
  const warehouse = await session.open();
  const tables = ledgerTables(dialect, statePlace(adapterSettings));
  const kept = await prepareState(warehouse, dialect, session.state, tables, invocationId, now());
  session.setLedger(kept);
  const ledger = ledgerWriter(dialect, tables.ledger, invocationId, kept.lastSeq);
  const { statement, lines } = ledger.insert(known.map(clonedEntry), now());
  await warehouse.use((connection) => connection.execute(statement));
  session.commit(lines);
}

const clonedEntry = ({ id, place }: Node): LedgerEntry => ({
  kind: 'built',
  node: id,
  place,
  version: 'cloned',
  fingerprint: { clone: 'cloned' },
  inputs: {},
  seen: {},
  epoch: '',
  replaces: true,
  range: undefined,
  rows: undefined,
  totalRows: undefined,
  durationMs: 0,
});
