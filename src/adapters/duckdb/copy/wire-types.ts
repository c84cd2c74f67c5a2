import type { WireColumn, WireKind, WireType } from '../../wire-type.ts';
import { quote } from '../names.ts';

/** DuckDB's types by their names, and as what they are sent. What is not here is sent as text. */
const KINDS: Readonly<Record<string, WireKind>> = {
  BOOLEAN: 'bool',
  TINYINT: 'int2',
  UTINYINT: 'int2',
  SMALLINT: 'int2',
  USMALLINT: 'int4',
  INTEGER: 'int4',
  UINTEGER: 'int8',
  BIGINT: 'int8',
  FLOAT: 'float4',
  DOUBLE: 'float8',
  VARCHAR: 'text',
  BLOB: 'bytea',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  INTERVAL: 'interval',
  UUID: 'uuid',
  JSON: 'json',
};

/** Integers wider than any of Postgres': digits they can have. */
const WIDE: Readonly<Record<string, number>> = { UBIGINT: 20, HUGEINT: 39, UHUGEINT: 39 };

/** As what a column of a type, in DuckDB's words, is sent. Lists of lists, structs and maps are sent as JSON. */
export function wireTypeOf(type: string): WireType {
  const list = /^(.+)\[\d*\]$/s.exec(type);
  if (list) {
    const element = wireTypeOf(list[1] ?? '');
    const isPlain = !(element.isList || element.kind === 'json');
    return isPlain ? { ...element, isList: true } : { kind: 'json' };
  }
  if (/^(?:STRUCT|MAP|UNION|VARIANT)\b/.test(type)) return { kind: 'json' };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) {
    return { kind: 'numeric', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  }
  const digits = WIDE[type];
  if (digits !== undefined) return { kind: 'numeric', precision: digits, scale: 0 };
  return { kind: KINDS[type] ?? 'text' };
}

const TYPES: Readonly<Record<Exclude<WireKind, 'numeric'>, string>> = {
  bool: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  text: 'VARCHAR',
  bytea: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
  jsonb: 'JSON',
};

/** Digits a DECIMAL has room for. */
const MOST_DIGITS = 38;

/** The type in DuckDB that holds what is sent; of numbers with more digits than any has, the nearest one. */
export function typeName({ isList, ...type }: WireType): string {
  const element = type.kind === 'numeric' ? numericName(type) : TYPES[type.kind];
  return isList ? `${element}[]` : element;
}

function numericName({ precision = 0, scale = 0 }: WireType): string {
  if (precision <= MOST_DIGITS) return `DECIMAL(${precision},${scale})`;
  return scale === 0 ? 'HUGEINT' : 'DOUBLE';
}

/**
 * A query for the columns as they are sent: each as its type, JSON and text as text; text that is no element of a list
 * as bytes, which are read without making a string of them.
 */
export function sendingQuery(
  sql: string,
  columns: readonly WireColumn[],
  given: ReadonlyMap<string, string>,
): string {
  const items = columns.map(
    ({ name, type }) => `${sent(quote(name), type, given.get(name) ?? '')} as ${quote(name)}`,
  );
  return `select ${items.join(', ')} from (\n${sql}\n)`;
}

function sent(column: string, type: WireType, given: string): string {
  if (type.isList && isTextual(type)) return `cast(${column} as VARCHAR[])`;
  if (type.isList || !isTextual(type)) return `cast(${column} as ${typeName(type)})`;
  const isMade = type.kind !== 'text' && !/^(?:VARCHAR|JSON)$/.test(given);
  return `encode(cast(${isMade ? `to_json(${column})` : column} as VARCHAR))`;
}

const isTextual = ({ kind }: WireType): boolean =>
  kind === 'text' || kind === 'json' || kind === 'jsonb';
