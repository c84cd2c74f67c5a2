import type { Connection, Dialect, RelationType } from '../adapters/adapter.ts';
import { VeloError } from '../core/errors.ts';
import type { Relation } from '../core/relation.ts';
import type { CheckOutcome } from '../nodes/run-checks.ts';
import { type StoredFailures, storedFailures } from '../nodes/stored-failures.ts';

/** What is kept of tests, and how. */
export interface StoreContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** `--store-failures`: tests whose settings do not say keep their rows, too. */
  readonly storesFailures: boolean;
}

/**
 * Keeps the rows of tests with `store_failures` in the relation of each, which is made anew also when there are none. It
 * is one statement after another: whoever calls it says in which transaction. A test whose rows cannot be kept fails.
 */
export async function storeFailures(
  outcomes: readonly CheckOutcome[],
  context: StoreContext,
): Promise<readonly CheckOutcome[]> {
  const kept = new Map(
    outcomes.flatMap((outcome) => {
      const place = storedFailures(outcome.node, context.storesFailures);
      return place && outcome.error === undefined ? [[outcome, place] as const] : [];
    }),
  );
  if (kept.size === 0) return outcomes;
  const existing = await standing([...kept.values()], context);
  const stored: CheckOutcome[] = [];
  for (const outcome of outcomes) {
    const place = kept.get(outcome);
    stored.push(place ? await storeRows(outcome, place, existing, context) : outcome);
  }
  return stored;
}

async function storeRows(
  outcome: CheckOutcome,
  { relation, as }: StoredFailures,
  existing: ReadonlyMap<string, RelationType>,
  { connection, dialect }: StoreContext,
): Promise<CheckOutcome> {
  const sql = outcome.storedRows ?? outcome.compiledCode;
  if (sql === undefined) return outcome;
  const before = existing.get(keyOf(relation));
  const statements =
    as === 'view'
      ? dialect.replaceView(relation, sql, before)
      : dialect.replaceTable(relation, sql, before);
  try {
    for (const statement of statements) await connection.execute(statement);
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    return { ...outcome, status: 'error', message: error.message, error };
  }
  return outcome.status === 'pass' ? outcome : { ...outcome, keptIn: relation };
}

const keyOf = ({ schema, name }: Relation): string => `${schema}.${name}`.toLowerCase();

/** What stands in the schemas of these relations. */
async function standing(
  places: readonly StoredFailures[],
  { connection, dialect }: StoreContext,
): Promise<ReadonlyMap<string, RelationType>> {
  const schemas = new Map(places.map(({ relation }) => [relation.schema, relation]));
  const found = new Map<string, RelationType>();
  for (const place of schemas.values()) {
    const rows = await connection.query(dialect.catalog.listRelations(place));
    for (const { name, type } of rows) {
      const relation = { schema: place.schema, name: String(name) };
      found.set(keyOf(relation), type === 'view' ? 'view' : 'table');
    }
  }
  return found;
}
