import type { Dialect } from '../adapters/adapter.ts';
import type { ResultColumn } from '../core/result-table.ts';

/** A column of a SELECT as a double, in the engine's own SQL. Postgres casts no boolean to one. */
export function asNumber(
  name: string,
  columns: readonly Pick<ResultColumn, 'name' | 'kind'>[],
  { quote }: Dialect,
): string {
  const kind = columns.find((column) => column.name === name)?.kind;
  const value = kind === 'boolean' ? `cast(${quote(name)} as integer)` : quote(name);
  return `cast(${value} as double precision)`;
}
