import type { ColumnValues, TypedColumn, TypedColumns } from '../../core/columns.ts';
import { DatabaseError } from '../../core/errors.ts';
import { type CopyDriver, copyFrom } from './copy-rows.ts';
import { quote } from './names.ts';
import type { Session } from './session.ts';

/** Types other engines have and Postgres calls otherwise, by their name in capitals. */
const ALIASES: Readonly<Record<string, string>> = {
  DOUBLE: 'double precision',
  STRING: 'text',
  VARCHAR: 'text',
  DATETIME: 'timestamp',
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  USMALLINT: 'integer',
  UINTEGER: 'bigint',
  UBIGINT: 'numeric(20,0)',
  HUGEINT: 'numeric(39,0)',
  BLOB: 'bytea',
};

/** The text of a value that is not NULL, as Postgres reads it. */
type Write = (value: NonNullable<ColumnValues[number]>) => string;

/**
 * Makes the temporary table `name` of `columns` by COPY and returns its quoted name: Postgres reads each value as text
 * of the column's type, and refuses what is not of it.
 * @throws DatabaseError also for columns of several lengths, and no columns
 */
export async function loadColumns(
  session: Session,
  driver: CopyDriver,
  columns: TypedColumns,
  name: string,
): Promise<string> {
  checkShape(columns);
  const table = `"pg_temp".${quote(name)}`;
  const definitions = Object.entries(columns).map(
    ([column, { type }]) => `${quote(column)} ${typeName(type)}`,
  );
  await session.run(`create temporary table ${quote(name)} (\n  ${definitions.join(',\n  ')}\n)`);
  await appendColumns(session, driver, columns, table);
  return table;
}

/** Adds rows to a table that `loadColumns` made. @throws DatabaseError */
export async function appendColumns(
  session: Session,
  driver: CopyDriver,
  columns: TypedColumns,
  table: string,
): Promise<void> {
  const lines = linesOf(Object.values(columns), checkShape(columns));
  const names = Object.keys(columns).map(quote).join(', ');
  await copyFrom(session, driver, `copy ${table} (${names}) from stdin`, lines);
}

const typeName = (type: string): string => {
  const upper = type.trim().toUpperCase();
  return (Object.hasOwn(ALIASES, upper) ? ALIASES[upper] : undefined) ?? type;
};

function checkShape(columns: TypedColumns): number {
  const [first, ...others] = Object.entries(columns);
  if (!first) throw refusal('a table needs at least one column');
  const [name, { values }] = first;
  const odd = others.find(([, other]) => other.values.length !== values.length);
  if (!odd) return values.length;
  throw refusal(
    `column ${odd[0]} has ${odd[1].values.length} values, column ${name} has ${values.length}`,
  );
}

const CHUNK_CHARACTERS = 1 << 18;

/** Rows in COPY's text form, in pieces. */
function* linesOf(columns: readonly TypedColumn[], rowCount: number): Generator<string> {
  const cells = columns.map(({ type, values }) => {
    const write = writerOf(type);
    return (row: number): string => {
      const value: unknown = values[row];
      if (value === null || value === undefined || Number.isNaN(value)) return '\\N';
      return escapeCell(write(value as NonNullable<ColumnValues[number]>));
    };
  });
  let chunk = '';
  for (let row = 0; row < rowCount; row += 1) {
    chunk += `${cells.map((cell) => cell(row)).join('\t')}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

const escapeCell = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (one) => ESCAPES[one] ?? one) : text;

const DAY_MS = 86_400_000;

/** Days and microseconds since 1970 become dates and times; lists are written as Postgres writes arrays. */
function writerOf(type: string): Write {
  const name = type.trim().toLowerCase();
  if (name.endsWith('[]')) return (value) => arrayText(String(value));
  if (name === 'date') {
    return (value) =>
      typeof value === 'number' ? isoTime(value * DAY_MS).slice(0, -14) : String(value);
  }
  if (/^(?:timestamp|datetime)/.test(name)) {
    return (value) => (typeof value === 'bigint' ? timestampText(value) : String(value));
  }
  return String;
}

const MICROS = 1_000_000n;

function timestampText(micros: bigint): string {
  const fraction = ((micros % MICROS) + MICROS) % MICROS;
  const seconds = (micros - fraction) / MICROS;
  const text = isoTime(Number(seconds) * 1000)
    .slice(0, -5)
    .replace('T', ' ');
  return `${text}.${String(fraction).padStart(6, '0')}`;
}

/** ISO 8601; years beyond four digits without their sign and zeros, as Postgres writes them. */
const isoTime = (ms: number): string => new Date(ms).toISOString().replace(/^\+0*/, '');

/** `[1, null, "a"]` as `{1,NULL,"a"}`; what is no JSON is Postgres's own already. */
function arrayText(text: string): string {
  const list = text.trimStart().startsWith('[') ? (JSON.parse(text) as unknown) : undefined;
  return Array.isArray(list) ? listText(list) : text;
}

const listText = (list: readonly unknown[]): string => `{${list.map(itemText).join(',')}}`;

function itemText(item: unknown): string {
  if (item === null) return 'NULL';
  if (Array.isArray(item)) return listText(item);
  return typeof item === 'string' ? JSON.stringify(item) : String(item);
}

function refusal(message: string): DatabaseError {
  return new DatabaseError('database-error', message, '');
}
