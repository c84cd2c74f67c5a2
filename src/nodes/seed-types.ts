/** How the cells of a seed column become values of an SQL type. NULLs never reach `parse`. */
export interface SeedType {
  readonly type: string;
  /** Undefined for text that is not of the type. */
  parse(text: string): string | number | bigint | boolean | undefined;
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?Z?)?$/;
const DATE_TEXT = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

const INT32: SeedType = {
  type: 'INTEGER',
  parse: (text) => parseInteger(text, -(2 ** 31), 2 ** 31 - 1),
};
const INT64: SeedType = { type: 'BIGINT', parse: parseBigint };
const DOUBLE: SeedType = { type: 'DOUBLE', parse: parseNumber };
/** Digits beyond BIGINT are an identifier, which a double would round. */
const NUMBER_NOT_ID: SeedType = {
  type: 'DOUBLE',
  parse: (text) =>
    parseBigint(text) === undefined && INTEGER.test(text.trim()) ? undefined : parseNumber(text),
};
const DATE: SeedType = { type: 'DATE', parse: parseDate };
const MOMENT: SeedType = { type: 'TIMESTAMP', parse: parseTimestamp };
const BOOLEAN: SeedType = {
  type: 'BOOLEAN',
  parse: (text) => parseBoolean(text, /^true$/i, /^false$/i),
};
const TEXT: SeedType = { type: 'VARCHAR', parse: (text) => text };

/** In dbt's order; the first that every cell is of wins, else text. */
export const INFERRED: readonly SeedType[] = [INT32, INT64, NUMBER_NOT_ID, DATE, MOMENT, BOOLEAN];

/** Explicit booleans may be written as the engines take them. */
const ANY_BOOLEAN: SeedType = {
  type: 'BOOLEAN',
  parse: (text) => parseBoolean(text, /^(?:true|t|yes|1)$/i, /^(?:false|f|no|0)$/i),
};

const EXPLICIT: Readonly<Record<string, SeedType>> = {
  INTEGER: INT32,
  INT: INT32,
  INT4: INT32,
  BIGINT: INT64,
  INT8: INT64,
  DOUBLE,
  FLOAT8: DOUBLE,
  'DOUBLE PRECISION': DOUBLE,
  DATE,
  TIMESTAMP: MOMENT,
  BOOLEAN: ANY_BOOLEAN,
  BOOL: ANY_BOOLEAN,
};

/** dbt's rule, quoted or not: nothing, blanks or `null`. */
export function isNullCell(text: string): boolean {
  return text === '' || (text.length <= 64 && /^\s*(?:null)?\s*$/i.test(text));
}

/** A type of `column_types`; what velo does not know stays text and is cast by the engine. */
export function explicitType(type: string): SeedType {
  return EXPLICIT[type.trim().toUpperCase()] ?? { ...TEXT, type };
}

function parseInteger(text: string, min: number, max: number): number | undefined {
  const trimmed = text.trim();
  if (!INTEGER.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value >= min && value <= max ? value : undefined;
}

function parseBigint(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (!INTEGER.test(trimmed)) return undefined;
  const value = BigInt(trimmed.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

function parseDate(text: string): number | undefined {
  const trimmed = text.trim();
  return trimmed.length === 10 ? daysOf(trimmed) : undefined;
}

/** Microseconds since 1970. */
function parseTimestamp(text: string): bigint | undefined {
  const [, date = '', minutes = '00:00', seconds = '00', fraction = ''] =
    TIMESTAMP.exec(text.trim()) ?? [];
  const days = daysOf(date);
  const clockMs = Date.parse(`1970-01-01T${minutes}:${seconds}Z`);
  if (days === undefined || Number.isNaN(clockMs)) return undefined;
  return BigInt(days * DAY_MS + clockMs) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

function daysOf(date: string): number | undefined {
  if (!DATE_TEXT.test(date)) return undefined;
  const [year, month, day] = [+date.slice(0, 4), +date.slice(5, 7), +date.slice(8)];
  const days = new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS;
  // JavaScript takes February 30 for March 1.
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return exists ? days : undefined;
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function parseBoolean(text: string, yes: RegExp, no: RegExp): boolean | undefined {
  const trimmed = text.trim();
  return yes.test(trimmed) || (no.test(trimmed) ? false : undefined);
}
