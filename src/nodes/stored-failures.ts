import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { TestConfig } from './config-schemas.ts';

/** Where the rows that a data test finds in published rows are kept. */
export interface StoredFailures {
  readonly relation: Relation;
  readonly as: 'table' | 'view';
}

/**
 * What a test's settings say of it; undefined when it keeps nothing.
 * @param byDefault `--store-failures`, for tests whose settings do not say
 */
export function storedFailures(test: Node, byDefault: boolean): StoredFailures | undefined {
  if (test.kind !== 'test') return undefined;
  const { store_failures: stores, store_failures_as: as } = test.config as TestConfig;
  if (!(stores ?? byDefault)) return undefined;
  const { storedIn, database, schema } = test.extra ?? {};
  const relation = (storedIn as Relation | undefined) ?? {
    ...(typeof database === 'string' ? { database } : {}),
    schema: String(schema ?? ''),
    name: test.alias ?? test.name,
  };
  return { relation, as: as === 'view' ? 'view' : 'table' };
}
