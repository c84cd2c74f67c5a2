import type { Connection, Dialect } from '../adapters/adapter.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { storedFailures } from './stored-failures.ts';

/** Where known failures are looked up. */
export interface KnownContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** What is found is known from now on, whatever was before (`--full-refresh`). */
  readonly forgetsFailures: boolean;
}

/** Whether failures that were there before do not count. */
export const countsOnlyNew = (test: Node): boolean => storedFailures(test, false)?.onlyNew === true;

/**
 * The failing rows of a test that are not among those it keeps, as SQL; undefined when it keeps none yet: then all that
 * it finds are known. A row counts as often as it is found.
 */
export async function newFailures(
  test: Node,
  found: string,
  context: KnownContext,
): Promise<string | undefined> {
  const { dialect, forgetsFailures } = context;
  const known = storedFailures(test, false)?.relation;
  if (!known || forgetsFailures || !(await stands(known, context))) return undefined;
  return `select * from (\n${found}\n) as found\nexcept all\nselect * from ${dialect.relation(known)}`;
}

async function stands(relation: Relation, { connection, dialect }: KnownContext): Promise<boolean> {
  const rows = await connection.query(dialect.catalog.listRelations(relation));
  return rows.some(({ name }) => String(name).toLowerCase() === relation.name.toLowerCase());
}
