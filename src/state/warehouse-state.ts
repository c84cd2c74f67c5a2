import type { Dialect, RelationInfo, Statement, Warehouse } from '../adapters/adapter.ts';
import { compactLedger, needsCompaction } from './compact-ledger.ts';
import { EMPTY_LEDGER, type LedgerContent, readLedger } from './ledger.ts';
import {
  formatQuery,
  type LedgerTables,
  ledgerTables,
  prepareLedger,
  refuseNewer,
  type StatePlace,
} from './ledger-schema.ts';
import { countMoves } from './registry.ts';
import { registryTables } from './registry-schema.ts';

/** What is in the warehouse: velo's own record of it, and which relations exist. */
export interface WarehouseState {
  readonly ledger: LedgerContent;
  /** Format of velo's own tables; undefined when there are none. */
  readonly format: number | undefined;
  readonly relations: readonly RelationInfo[];
  /** Tables whose rows are not as many as velo left, when they were last counted. */
  readonly edited: readonly EditedTable[];
  /** How often people moved an alias of a trained model, by its name: what it scored is scored again. */
  readonly modelMoves: ReadonlyMap<string, number>;
}

/** A table that others have written to. */
export interface EditedTable {
  /** Of the node's state. */
  readonly key: string;
  readonly expected: number;
  readonly found: number;
}

/** Where velo has never built. */
export const NO_STATE: WarehouseState = {
  ledger: EMPTY_LEDGER,
  format: undefined,
  relations: [],
  edited: [],
  modelMoves: new Map(),
};

/**
 * Reads ledger and catalog: a few queries, however many nodes.
 * @throws DatabaseError, also 'ledger-format' when a newer velo has built there
 */
export async function readWarehouseState(
  warehouse: Warehouse,
  dialect: Dialect,
  schemas: readonly string[],
  place: StatePlace,
): Promise<WarehouseState> {
  const tables = ledgerTables(dialect, place);
  const registry = registryTables(dialect, place);
  const own = tables.ledger.schema;
  const relations = await warehouse.listRelations([
    ...new Set([own, registry.aliases.schema, ...schemas]),
  ]);
  const names = new Set(
    relations.flatMap(({ relation }) => (relation.schema === own ? relation.name : [])),
  );
  if (!names.has(tables.ledger.name)) return { ...NO_STATE, relations };
  return warehouse.use(async (connection) => {
    // The first format had no table that says so.
    const [row] = names.has(tables.meta.name)
      ? await connection.query(formatQuery(dialect, tables))
      : [{ value: '1' }];
    const format = Number(row?.['value'] ?? 1);
    refuseNewer(format);
    const ledger = await readLedger(connection, dialect, tables.ledger, format);
    const hasModels = relations.some(
      ({ relation: { schema, name } }) =>
        schema === registry.aliases.schema && name === registry.aliases.name,
    );
    const modelMoves = hasModels ? await countMoves(connection, dialect, registry) : new Map();
    return { ledger, format, relations, edited: [], modelMoves };
  });
}

/**
 * Makes velo's own tables, brings those of an older velo up to date, and writes a long ledger anew in short; returns it
 * as it stands now. Only who may write calls it. @throws DatabaseError
 */
export async function prepareState(
  warehouse: Warehouse,
  dialect: Dialect,
  { ledger, format }: Pick<WarehouseState, 'ledger' | 'format'>,
  tables: LedgerTables,
  runId: string,
  nowMs: number,
): Promise<LedgerContent> {
  const short = needsCompaction(ledger)
    ? compactLedger(ledger, dialect, tables.ledger, runId, nowMs)
    : { statements: [], content: ledger };
  const statements: Statement[] = [...prepareLedger(dialect, tables, format), ...short.statements];
  if (statements.length === 0) return short.content;
  await warehouse.use((connection) =>
    connection.transaction(async () => {
      for (const statement of statements) await connection.execute(statement);
    }),
  );
  return short.content;
}
