import { type Relation, shortName } from '../../core/relation.ts';

/** Postgres cuts longer names off and says so only in a notice: two that begin alike would become one. */
export const LONGEST_NAME_BYTES = 63;

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A temporary table has neither database nor schema: what is empty is left out. */
export function relationText({ database, schema, name }: Relation): string {
  return [database, schema, shortName(name, LONGEST_NAME_BYTES)]
    .filter(isGiven)
    .map(quote)
    .join('.');
}

/** A schema is named without its database: a session sees but one. */
export const schemaText = ({ schema }: Pick<Relation, 'schema'>): string =>
  quote(shortName(schema, LONGEST_NAME_BYTES));

const isGiven = (part: string | undefined): part is string => part !== undefined && part !== '';

export function literal(value: string | number | boolean | null): string {
  if (typeof value === 'number') return numberLiteral(value);
  if (typeof value !== 'string') return String(value);
  const [first = '', ...rest] = value.split('\0').map(textLiteral);
  // Text ends at NUL in the protocol, and Postgres keeps none: it says so itself when it sees the character made.
  return rest.length === 0 ? first : `(${[first, ...rest].join(' || chr(0) || ')})`;
}

/** Sessions have standard_conforming_strings on: a backslash means itself. */
const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Postgres reads `0.1` and `1e0` as numeric; a double is meant. */
function numberLiteral(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : `'${value}'::double precision`;
}
