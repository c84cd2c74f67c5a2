import type { DuckDBConnection } from '@duckdb/node-api';
import type { RelationInfo, RelationType, Row, Warehouse } from '../adapter.ts';
import { connectionOf } from './connection.ts';
import { duckdbDialect } from './dialect.ts';
import { openInstance, withSession } from './open-instance.ts';
import type { DuckdbSettings } from './settings.ts';

/**
 * Opens or makes the database file; one instance a file and process, however often it is opened.
 * @throws DatabaseError with code database-locked or database-unusable
 */
export async function openWarehouse(settings: DuckdbSettings): Promise<Warehouse> {
  const driver = await import('@duckdb/node-api');
  const instance = await openInstance(driver, settings);
  const lent = new Set<DuckDBConnection>();
  const use: Warehouse['use'] = (work) =>
    withSession(instance, settings, async (session) => {
      lent.add(session);
      try {
        return await work(connectionOf(driver, session));
      } finally {
        lent.delete(session);
      }
    });
  return {
    use,
    listRelations: (schemas) =>
      use(async (connection) => (await connection.query(catalogQuery(schemas))).map(relationInfo)),
    interrupt() {
      for (const session of lent) session.interrupt();
    },
    async [Symbol.asyncDispose]() {
      instance.closeSync();
    },
  };
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
