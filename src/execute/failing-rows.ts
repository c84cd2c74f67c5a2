import type { Connection, Dialect, RelationInfo, Warehouse } from '../adapters/adapter.ts';
import type { TypedColumns } from '../core/columns.ts';
import { VeloError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { CheckOutcome } from '../nodes/check-outcome.ts';
import { type AuditMark, auditRelation, replaceAudit } from '../state/audit.ts';
import type { StatePlace } from '../state/ledger-schema.ts';
import type { InTurn } from './take-turns.ts';

/** Enough to see what is wrong; the table is no copy of a warehouse. */
const MOST_ROWS = 1000;

/** What failing rows are kept with. */
export interface AuditContext {
  readonly dialect: Dialect;
  readonly audit: Audit;
  readonly inTurn: InTurn;
  readonly now: () => number;
  readonly emit: Emit;
}

/** The tables of failing rows of a target. */
export interface Audit {
  readonly place: StatePlace;
  readonly runId: string;
  /** Those that stand, by their names in lower case. Steps keep it up to date. */
  readonly tables: Map<string, RelationInfo>;
}

/** Rows of a failed test, in memory: the transaction they stand in is about to be rolled back. */
export interface FailingRows {
  readonly outcome: CheckOutcome;
  readonly columns: TypedColumns;
}

const tableOf = (
  { alias, name }: Node,
  { dialect, audit }: Pick<AuditContext, 'dialect' | 'audit'>,
): Relation => auditRelation(dialect, audit.place, alias ?? name);

/** Copies the rows the tests found out of the engine, where they can be seen; tests whose rows cannot be read are left out. */
export async function readFailingRows(
  outcomes: readonly CheckOutcome[],
  connection: Connection,
  dialect: Dialect,
): Promise<FailingRows[]> {
  const read: FailingRows[] = [];
  for (const outcome of outcomes) {
    if (outcome.status !== 'fail' || outcome.compiledCode === undefined) continue;
    try {
      read.push({ outcome, columns: await rowsAsText(outcome.compiledCode, connection, dialect) });
    } catch (error) {
      // The test's own failure is what is to be told of.
      if (!(error instanceof VeloError)) throw error;
    }
  }
  return read;
}

/** Every value goes as text and becomes its type again when it is written: no type is unknown on the way. */
async function rowsAsText(
  query: string,
  connection: Connection,
  dialect: Dialect,
): Promise<TypedColumns> {
  const rows = `(\n${query}\n) as failing`;
  const { table } = await connection.fetch(`select * from ${rows} limit 0`);
  const items = table.columns.map(({ name }) => {
    const column = dialect.quote(name);
    return `cast(${column} as ${dialect.catalog.textType(undefined)}) as ${column}`;
  });
  const text = await connection.fetch(`select ${items.join(', ')} from ${rows} limit ${MOST_ROWS}`);
  return Object.fromEntries(
    table.columns.map(({ name, type }, index) => {
      const values = text.table.rows.map((row) => (row[index] ?? null) as string | null);
      return [name, { type, values }];
    }),
  );
}

/**
 * Writes failing rows into the tables of their tests, in place of those of an earlier failure. What cannot be kept is
 * a warning and no failure.
 * @returns the outcomes whose rows were kept, with the table they are in
 */
export async function keepFailingRows(
  failing: readonly FailingRows[],
  warehouse: Warehouse,
  context: AuditContext,
): Promise<CheckOutcome[]> {
  const kept: CheckOutcome[] = [];
  for (const { outcome, columns } of failing) {
    const relation = tableOf(outcome.node, context);
    try {
      await warehouse.use((connection) => writeRows(columns, relation, connection, context));
      kept.push({ ...outcome, keptIn: relation });
    } catch (error) {
      if (!(error instanceof VeloError)) throw error;
      if (error.code === 'interrupted') continue;
      const message = `the failing rows of ${outcome.node.name} were not kept: ${error.message}`;
      context.emit({ type: 'warning', message });
    }
  }
  return kept;
}

async function writeRows(
  columns: TypedColumns,
  relation: Relation,
  connection: Connection,
  { dialect, audit, inTurn, now }: AuditContext,
): Promise<void> {
  const mark: AuditMark = { runId: audit.runId, failedAtMs: now() };
  const loaded = await connection.loadColumns(columns);
  const write = async () => {
    for (const statement of replaceAudit(dialect, relation, loaded, mark)) {
      await connection.execute(statement);
    }
  };
  // Two tests that fail at once both make the schema.
  await inTurn(() => connection.transaction(write));
  audit.tables.set(relation.name.toLowerCase(), { relation, type: 'table' });
}

/** Drops the tables of tests that pass again, in the transaction that publishes their rows. @returns their keys in `tables` */
export async function dropFailingRows(
  tests: readonly Node[],
  connection: Connection,
  { dialect, audit }: Pick<AuditContext, 'dialect' | 'audit'>,
): Promise<string[]> {
  const dropped: string[] = [];
  for (const test of tests) {
    const relation = tableOf(test, { dialect, audit });
    const name = relation.name.toLowerCase();
    if (!audit.tables.has(name)) continue;
    await connection.execute(dialect.dropRelation(relation, 'table'));
    dropped.push(name);
  }
  return dropped;
}
