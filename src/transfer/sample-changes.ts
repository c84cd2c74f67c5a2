import type { Row } from '../adapters/adapter.ts';
import type { MatchedColumns } from './match-columns.ts';
import type { TableEnd } from './table-end.ts';

/** A row of the sample that is not the same on both sides. */
export interface SampledChange {
  /** Values of the key, as text. */
  readonly key: readonly string[];
  /** Undefined: the row is new there. */
  readonly columns: readonly ChangedValue[] | undefined;
}

export interface ChangedValue {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface Sample {
  readonly rows: number;
  readonly changes: readonly SampledChange[];
}

const SAMPLE_ROWS = 200;

/**
 * Some rows of a table beside those of the same key in another, in which they would take their place. Undefined when
 * the key is not among the columns of both. @throws DatabaseError
 */
export async function sampleChanges(
  here: TableEnd,
  there: TableEnd,
  { sent, names }: MatchedColumns,
  key: readonly string[],
): Promise<Sample | undefined> {
  const at = key.map((column) =>
    names.findIndex((name) => name.toLowerCase() === column.toLowerCase()),
  );
  if (key.length === 0 || at.includes(-1)) return undefined;
  const columns = sent.map(({ name }, k) => ({ here: name, there: names[k] ?? name }));
  const select = (end: TableEnd, side: 'here' | 'there', rest: string) =>
    end.connection.query(
      `select ${columns.map((column) => `${end.dialect.quote(column[side])} as ${end.dialect.quote(column.there)}`).join(', ')}
from ${end.dialect.relation(end.relation)} ${rest}`,
    );
  const keyNames = at.map((k) => columns[k]?.here ?? '');
  const hash = here.dialect.comparing.rowHash(keyNames.map((name) => ({ name, type: '' })));
  const rows = await select(here, 'here', `order by ${hash} limit ${SAMPLE_ROWS}`);
  if (rows.length === 0) return { rows: 0, changes: [] };
  const keys = at.map((k) => columns[k]?.there ?? '');
  const found = await select(there, 'there', `where ${sameKeys(rows, keys, there)}`);
  const textOf = (row: Row) => keys.map((name) => show(row[name]));
  const byKey = new Map(found.map((row) => [JSON.stringify(textOf(row)), row]));
  const changes = rows.flatMap((row): SampledChange[] => {
    const rowKey = textOf(row);
    const before = byKey.get(JSON.stringify(rowKey));
    if (!before) return [{ key: rowKey, columns: undefined }];
    const differing = names.flatMap((name) =>
      isSame(before[name], row[name])
        ? []
        : [{ name, before: show(before[name]), after: show(row[name]) }],
    );
    return differing.length > 0 ? [{ key: rowKey, columns: differing }] : [];
  });
  return { rows: rows.length, changes };
}

/** Values are compared as text: the engine need not know a literal of every type. */
function sameKeys(rows: readonly Row[], keys: readonly string[], { dialect }: TableEnd): string {
  const texts = keys.map((name) => `cast(${dialect.quote(name)} as varchar)`);
  const values = rows.map(
    (row) => `(${keys.map((name) => dialect.literal(show(row[name]))).join(', ')})`,
  );
  return `(${texts.join(', ')}) in (${values.join(', ')})`;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const TOLERANCE = 1e-9;

/** Engines write some values in other forms: numbers are compared as such. */
function isSame(before: unknown, after: unknown): boolean {
  const [a, b] = [show(before), show(after)];
  if (a === b) return true;
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y) || a === '' || b === '') return false;
  return Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
}
