import type { ColumnInfo } from '../core/node.ts';

type Entry = Readonly<Record<string, unknown>>;

/** Constraints of a model or column as dbt's manifest lists them. */
export const constraintsOf = (written: unknown): readonly Entry[] =>
  (Array.isArray(written) ? (written as Entry[]) : []).map((constraint) => ({
    type: constraint['type'],
    name: constraint['name'] ?? null,
    expression: constraint['expression'] ?? null,
    warn_unenforced: constraint['warn_unenforced'] ?? true,
    warn_unsupported: constraint['warn_unsupported'] ?? true,
    to: constraint['to'] ?? null,
    to_columns: constraint['to_columns'] ?? [],
    ...(constraint['columns'] === undefined ? {} : { columns: constraint['columns'] }),
  }));

/** The columns a primary_key constraint names, on the model or on a column; empty when there is none. */
export function primaryKeyOf(
  constraints: readonly Entry[],
  columns: readonly ColumnInfo[],
): readonly string[] {
  const ofModel = constraints.find(({ type }) => type === 'primary_key');
  if (ofModel) return (ofModel['columns'] as readonly string[] | undefined) ?? [];
  const isKey = ({ extra }: ColumnInfo) =>
    (extra?.['constraints'] as readonly Entry[] | undefined)?.some(
      ({ type }) => type === 'primary_key',
    );
  return columns.filter(isKey).map(({ name }) => name);
}
