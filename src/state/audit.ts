import type { Dialect, Statement } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';

/** Schema of the tables that keep the rows a test stopped from being published. */
export const AUDIT_SCHEMA = 'velo_audit';

/** Where the failing rows of a test are kept: a table for each test. */
export const auditRelation = (database: string | undefined, test: string): Relation => ({
  database,
  schema: AUDIT_SCHEMA,
  name: test,
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
