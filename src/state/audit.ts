import type { Dialect, Statement } from '../adapters/adapter.ts';
import { type Relation, shortName } from '../core/relation.ts';
import { ledgerSchema, type StatePlace } from './ledger-schema.ts';

/** Schema of the tables that keep the rows a test stopped from being published. */
export const auditSchema = (dialect: Dialect, place: StatePlace): string =>
  `${ledgerSchema(dialect, place)}_audit`;

/** Where the failing rows of a test are kept: a table for each test. */
export const auditRelation = (dialect: Dialect, place: StatePlace, test: string): Relation => ({
  database: place.database,
  schema: auditSchema(dialect, place),
  name: shortName(test, dialect.capabilities.longestName),
});

/** Who kept the rows, and when. */
export interface AuditMark {
  readonly runId: string;
  readonly failedAtMs: number;
}

/** Replaces what the table held: `rows` is something to select from. For one transaction. */
export function replaceAudit(
  dialect: Dialect,
  relation: Relation,
  rows: string,
  { runId, failedAtMs }: AuditMark,
): Statement[] {
  const failedAt = new Date(failedAtMs).toISOString().slice(0, 23).replace('T', ' ');
  const sql = `select *, ${dialect.literal(runId)} as velo_run_id,
  timestamp ${dialect.literal(failedAt)} as velo_failed_at
from ${rows}`;
  return [
    dialect.createSchema(relation),
    dialect.dropRelation(relation, 'table'),
    ...dialect.replaceTable(relation, sql, undefined),
  ];
}
