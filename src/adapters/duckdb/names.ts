import type { Relation } from '../../core/relation.ts';

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A temporary table has neither database nor schema: what is empty is left out. */
export function relationText({ database, schema, name }: Relation): string {
  return [database, schema, name]
    .filter((part): part is string => part !== undefined && part !== '')
    .map(quote)
    .join('.');
}

export function literal(value: string | number | boolean | null): string {
  if (typeof value === 'number') return numberLiteral(value);
  if (typeof value !== 'string') return String(value);
  const [first = '', ...rest] = value.split('\0').map((text) => `'${text.replaceAll("'", "''")}'`);
  // The driver ends a statement at NUL, so it cannot stand in the text.
  return rest.length === 0 ? first : `(${[first, ...rest].join(' || chr(0) || ')})`;
}

/** Fractions in exponent form: DuckDB reads `0.1` as DECIMAL(2,1), `0.1e0` as the double that was meant. */
function numberLiteral(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) return `'${value}'::double`;
  return /e/.test(String(value)) ? String(value) : `${value}e0`;
}
