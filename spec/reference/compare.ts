import type { Row, Value } from './run.ts';

export interface Difference {
  readonly kind: 'missing row' | 'extra row' | 'duplicate key' | 'missing column' | 'value';
  readonly key: string;
  readonly column?: string;
  readonly expected?: Value;
  readonly actual?: Value;
}

/**
 * Every way in which the actual rows differ from the expected ones. Only the expected rows' columns
 * are compared. Numbers agree within `tolerance`, relative and absolute; NULL agrees only with NULL.
 */
export function compareTable(
  expected: readonly Row[],
  actual: readonly Row[],
  keys: readonly string[],
  tolerance = 1e-9,
): readonly Difference[] {
  const differences: Difference[] = [];
  const expectedByKey = byKey(expected, keys, differences);
  const actualByKey = byKey(actual, keys, differences);
  for (const [key, row] of expectedByKey) {
    const found = actualByKey.get(key);
    if (found) differences.push(...compareRow(key, row, found, tolerance));
    else differences.push({ kind: 'missing row', key });
  }
  for (const key of actualByKey.keys()) {
    if (!expectedByKey.has(key)) differences.push({ kind: 'extra row', key });
  }
  return differences;
}

function byKey(
  rows: readonly Row[],
  keys: readonly string[],
  differences: Difference[],
): ReadonlyMap<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = keys.map((column) => `${column}=${show(column, row[column])}`).join(' ');
    if (found.has(key)) differences.push({ kind: 'duplicate key', key });
    found.set(key, row);
  }
  return found;
}

function compareRow(key: string, expected: Row, actual: Row, tolerance: number): Difference[] {
  const differences: Difference[] = [];
  for (const [column, wanted] of Object.entries(expected)) {
    const found = actual[column];
    if (found === undefined) {
      differences.push({ kind: 'missing column', key, column });
    } else if (!agree(wanted, found, tolerance)) {
      differences.push({ kind: 'value', key, column, expected: wanted, actual: found });
    }
  }
  return differences;
}

function agree(expected: Value, actual: Value, tolerance: number): boolean {
  if (typeof expected !== 'number' || typeof actual !== 'number') return expected === actual;
  return Math.abs(expected - actual) <= tolerance * (1 + Math.abs(expected));
}

/** The first differences as text, after a count for each kind and column. */
export function describeDifferences(differences: readonly Difference[], limit = 20): string {
  const counts = new Map<string, number>();
  for (const { kind, column } of differences) {
    const label = column ? `${kind} of ${column}` : kind;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const lines = [...counts].map(([label, count]) => `${count} × ${label}`);
  for (const difference of differences.slice(0, limit)) lines.push(describe(difference));
  return lines.join('\n');
}

function describe({ kind, key, column, expected, actual }: Difference): string {
  if (kind !== 'value') return `  ${kind}: ${key}${column ? ` (${column})` : ''}`;
  return `  ${key}: ${column} expected ${expected}, actual ${actual}`;
}

function show(column: string, value: Value | undefined): string {
  if (column.endsWith('_date') && typeof value === 'number') {
    return new Date(value * 86_400_000).toISOString().slice(0, 10);
  }
  return String(value);
}
