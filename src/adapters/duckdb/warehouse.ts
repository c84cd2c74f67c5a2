import { createRequire } from 'node:module';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DatabaseError } from '../../core/errors.ts';
import type { RelationInfo, RelationType, Row, Warehouse } from '../adapter.ts';
import { connectionOf } from './connection.ts';
import { duckdbDialect } from './dialect.ts';
import { type Access, openInstance, withSession } from './open-instance.ts';
import type { DuckdbSettings } from './settings.ts';

/**
 * Opens or makes the database file; one instance a file and process, however often it is opened.
 * @throws DatabaseError with code database-locked or database-unusable
 */
export async function openWarehouse(
  settings: DuckdbSettings,
  access: Access = 'write',
): Promise<Warehouse> {
  const driver = loadDriver();
  const instance = await openInstance(driver, settings, access);
  const loans = new Set<Loan>();
  const use: Warehouse['use'] = async (work) => {
    const loan: Loan = { session: undefined, isStopped: false };
    loans.add(loan);
    try {
      return await withSession(instance, settings, async (session) => {
        if (loan.isStopped)
          throw new DatabaseError('interrupted', 'the statement was interrupted', '');
        loan.session = session;
        return await work(connectionOf(driver, session));
      });
    } finally {
      loans.delete(loan);
    }
  };
  return {
    use,
    listRelations: (schemas) =>
      use(async (connection) => (await connection.query(catalogQuery(schemas))).map(relationInfo)),
    settle: () =>
      use(async (connection) => {
        await connection.execute('checkpoint');
      }),
    interrupt: () => interruptUntilReturned(loans),
    async [Symbol.asyncDispose]() {
      instance.closeSync();
    },
  };
}

// Required and not imported: Node's loader of ES modules would first search all of the package for export names.
const loadDriver = (): typeof import('@duckdb/node-api') =>
  createRequire(import.meta.url)('@duckdb/node-api');

/** A session on its way out, and once it is lent. */
interface Loan {
  session: DuckDBConnection | undefined;
  isStopped: boolean;
}

const INTERRUPT_EVERY_MS = 50;

/**
 * DuckDB forgets an interrupt that comes between two statements of a session: it is repeated until each loan of now
 * has been given back.
 */
function interruptUntilReturned(loans: ReadonlySet<Loan>): void {
  const meant = [...loans];
  for (const loan of meant) loan.isStopped = true;
  const again = () => {
    const left = meant.filter((loan) => loans.has(loan));
    for (const { session } of left) session?.interrupt();
    if (left.length > 0) setTimeout(again, INTERRUPT_EVERY_MS).unref();
  };
  again();
}

/** DuckDB's names ignore case. */
function catalogQuery(schemas: readonly string[]): string {
  const { literal } = duckdbDialect;
  const wanted = ["''", ...schemas.map((schema) => literal(schema.toLowerCase()))].join(', ');
  return `select database_name, schema_name, table_name as name, 'table' as type
from duckdb_tables() where not temporary and lower(schema_name) in (${wanted})
union all
select database_name, schema_name, view_name, 'view'
from duckdb_views() where not temporary and not internal and lower(schema_name) in (${wanted})
order by all`;
}

function relationInfo(row: Row): RelationInfo {
  const {
    database_name: database,
    schema_name: schema,
    name,
    type,
  } = row as Record<string, string>;
  return { relation: { database, schema, name }, type: type as RelationType } as RelationInfo;
}
