import { type Relation, shortName } from '../../core/relation.ts';
import type { CatalogDialect } from '../adapter.ts';
import { LONGEST_NAME_BYTES, literal, quote, relationText, schemaText } from './names.ts';

/** Macros' names of types and those of Postgres. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'TEXT'],
  ['integer', 'INT'],
  ['float', 'FLOAT'],
  ['numeric', 'NUMERIC'],
  ['timestamp', 'TIMESTAMP'],
]);

/** Kinds of pg_class that can be read from, in macros' words. */
const KIND_NAMES = `case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end`;

/** As dbt has it from its driver: texts are one type, whatever their length, and numbers are told by their kind. */
function comparedType(type: string): string {
  const name = type.replace(/\(.*\)/, '');
  return COMPARED.get(name) ?? name.toUpperCase();
}

const COMPARED: ReadonlyMap<string, string> = new Map([
  ['character varying', 'TEXT'],
  ['character', 'TEXT'],
  ['bpchar', 'TEXT'],
  ['name', 'TEXT'],
  ['smallint', 'INTEGER'],
]);

/** A relation of the session's own search, also a temporary one; NULL where there is none. */
const oidOf = (relation: Relation): string => `to_regclass(${literal(relationText(relation))})`;

/** What dbt's `adapter` methods send to Postgres. A session sees one database. */
export const postgresCatalog: CatalogDialect = {
  textType: (size) => (size === undefined ? 'TEXT' : `character varying(${size})`),
  numericType: (name, precision, scale) =>
    precision === undefined || scale === undefined ? name : `${name}(${precision},${scale})`,
  comparedType,
  translateType: (name) => TYPES.get(name.toLowerCase()) ?? name,
  listSchemas: () => `select nspname as "schema" from pg_namespace order by 1`,
  listRelations: ({ schema }) =>
    `select current_database() as "database", n.nspname as "schema", c.relname as "name", ${KIND_NAMES} as "type"
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname = ${literal(shortName(schema, LONGEST_NAME_BYTES))}
order by 3`,
  listColumns: (relation) =>
    `select a.attname as "name", format_type(a.atttypid, null) as "type",
  information_schema._pg_char_max_length(a.atttypid, a.atttypmod) as char_size,
  information_schema._pg_numeric_precision(a.atttypid, a.atttypmod) as numeric_precision,
  information_schema._pg_numeric_scale(a.atttypid, a.atttypmod) as numeric_scale
from pg_attribute as a
where a.attrelid = ${oidOf(relation)} and a.attnum > 0 and not a.attisdropped
order by a.attnum`,
  describeRelations: (schemas) =>
    `select current_database() as "database", n.nspname as "schema", c.relname as "name",
  case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as "type",
  obj_description(c.oid, 'pg_class') as "comment", pg_get_userbyid(c.relowner) as "owner",
  a.attname as "column", a.attnum as "position", format_type(a.atttypid, a.atttypmod) as column_type,
  col_description(c.oid, a.attnum) as column_comment
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
  and n.nspname in (${["''", ...schemas.map((schema) => literal(shortName(schema, LONGEST_NAME_BYTES)))].join(', ')})
order by 2, 3, 8`,
  dropSchema: (place) => `drop schema if exists ${schemaText(place)} cascade`,
  dropRelation: (relation, type) => `drop ${type} if exists ${relationText(relation)} cascade`,
  renameRelation: (from, to, type) =>
    `alter ${type} ${relationText(from)} rename to ${quote(shortName(to.name, LONGEST_NAME_BYTES))}`,
  truncateRelation: (relation) => `truncate table ${relationText(relation)}`,
  alterColumnType: (relation, column, type) =>
    `alter table ${relationText(relation)} alter column ${quote(column)} type ${type} using ${quote(column)}::${type}`,
  informationSchema: () => 'information_schema',
};
