/** A node of what `json_serialize_sql` writes. */
export type Json = Readonly<Record<string, unknown>>;

export const node = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null ? (value as Json) : undefined;

export const nodes = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? (value as Json[]) : [];

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(text) : [];

/** DuckDB writes '' where there is no name. */
export const nameOf = (value: unknown): string | undefined => text(value) || undefined;

/** DuckDB counts bytes, and writes the largest number there is where it knows no place. */
export function createPlaces(sql: string): (value: unknown) => number | undefined {
  const bytes = Buffer.from(sql, 'utf8');
  const isAscii = bytes.length === sql.length;
  return (value) => {
    if (typeof value !== 'number' || value > bytes.length) return undefined;
    return isAscii ? value : bytes.subarray(0, value).toString('utf8').length;
  };
}
