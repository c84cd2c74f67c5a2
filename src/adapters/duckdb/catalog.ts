import type { CatalogDialect } from '../adapter.ts';
import { literal, quote, relationText } from './names.ts';

/** Macros' names of types and DuckDB's. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'TEXT'],
  ['integer', 'INT'],
  ['float', 'FLOAT'],
  ['numeric', 'NUMERIC'],
  ['timestamp', 'TIMESTAMP'],
]);

/** What dbt's `adapter` methods send to DuckDB. Names are compared without case, as DuckDB does. */
export const duckdbCatalog: CatalogDialect = {
  textType: (size) => (size === undefined ? 'TEXT' : `character varying(${size})`),
  numericType: (name, precision, scale) =>
    precision === undefined || scale === undefined ? name : `${name}(${precision},${scale})`,
  comparedType: (type) => type,
  translateType: (name) => TYPES.get(name.toLowerCase()) ?? name,
  listSchemas: (database) =>
    `select schema_name as "schema" from duckdb_schemas() where ${inDatabase(database)} order by all`,
  listRelations: ({ database, schema }) =>
    `select database_name as "database", schema_name as "schema", table_name as "name", 'table' as "type"
from duckdb_tables() where not temporary and ${inDatabase(database)} and ${same('schema_name', schema)}
union all
select database_name, schema_name, view_name, 'view'
from duckdb_views() where not temporary and ${inDatabase(database)} and ${same('schema_name', schema)}
order by all`,
  listColumns: ({ database, schema, name }) =>
    `select column_name as "name", data_type as "type", character_maximum_length as char_size,
  numeric_precision, numeric_scale
from duckdb_columns() where ${inDatabase(database)} and ${same('table_name', name)}${
      schema === '' ? '' : ` and ${same('schema_name', schema)}`
    }
order by column_index`,
  describeRelations: (schemas) =>
    `with relations as (
  select database_name, schema_name, table_name as name, 'BASE TABLE' as kind, comment
  from duckdb_tables() where not temporary
  union all
  select database_name, schema_name, view_name, 'VIEW', comment
  from duckdb_views() where not temporary and not internal
)
select database_name as "database", schema_name as "schema", r.name as "name", r.kind as "type",
  r.comment as "comment", null as "owner", c.column_name as "column", c.column_index as "position",
  c.data_type as column_type, c.comment as column_comment
from relations as r
join duckdb_columns() as c using (database_name, schema_name)
where c.table_name = r.name and lower(schema_name) in (${["''", ...schemas.map((schema) => literal(schema.toLowerCase()))].join(', ')})
order by 1, 2, 3, 8`,
  dropSchema: ({ database, schema }) =>
    `drop schema if exists ${[database, schema].filter(isGiven).map(quote).join('.')} cascade`,
  dropRelation: (relation, type) => `drop ${type} if exists ${relationText(relation)} cascade`,
  renameRelation: (from, to, type) =>
    `alter ${type} ${relationText(from)} rename to ${quote(to.name)}`,
  truncateRelation: (relation) => `truncate table ${relationText(relation)}`,
  alterColumnType: (relation, column, type) =>
    `alter table ${relationText(relation)} alter column ${quote(column)} type ${type}`,
  informationSchema: (database) =>
    [database, 'information_schema'].filter(isGiven).map(quote).join('.'),
};

const isGiven = (part: string | undefined): part is string => part !== undefined && part !== '';

const same = (column: string, value: string): string =>
  `lower(${column}) = ${literal(value.toLowerCase())}`;

/** Temporary tables are found under their own database or any, as a session sees them. */
const inDatabase = (database: string | undefined): string =>
  isGiven(database)
    ? `(${same('database_name', database)} or database_name = 'temp')`
    : `(database_name = current_database() or database_name = 'temp')`;
