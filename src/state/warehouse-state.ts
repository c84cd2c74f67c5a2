import type { Dialect, RelationInfo, Warehouse } from '../adapters/adapter.ts';
import {
  compactLedger,
  EMPTY_LEDGER,
  LEDGER_SCHEMA,
  type LedgerContent,
  ledgerRelation,
  needsCompaction,
  readLedger,
} from './ledger.ts';

/** What is in the warehouse: velo's own record of it, and which relations exist. */
export interface WarehouseState {
  readonly ledger: LedgerContent;
  readonly relations: readonly RelationInfo[];
}

/** Reads ledger and catalog: two queries, however many nodes. @throws DatabaseError */
export async function readWarehouseState(
  warehouse: Warehouse,
  dialect: Dialect,
  schemas: readonly string[],
  database: string | undefined,
): Promise<WarehouseState> {
  const place = ledgerRelation(database);
  const relations = await warehouse.listRelations([...new Set([LEDGER_SCHEMA, ...schemas])]);
  const hasLedger = relations.some(
    ({ relation }) => relation.schema === place.schema && relation.name === place.name,
  );
  if (!hasLedger) return { ledger: EMPTY_LEDGER, relations };
  const ledger = await warehouse.use((connection) => readLedger(connection, dialect, place));
  return { ledger, relations };
}

/** Writes a long ledger anew in short and returns it as it stands now; only who may write calls it. @throws DatabaseError */
export async function compactIfLong(
  warehouse: Warehouse,
  dialect: Dialect,
  ledger: LedgerContent,
  database: string | undefined,
  runId: string,
  nowMs: number,
): Promise<LedgerContent> {
  if (!needsCompaction(ledger)) return ledger;
  const place = ledgerRelation(database);
  const { statements, content } = compactLedger(ledger, dialect, place, runId, nowMs);
  await warehouse.use((connection) =>
    connection.transaction(async () => {
      for (const statement of statements) await connection.execute(statement);
    }),
  );
  return content;
}
