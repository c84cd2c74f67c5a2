import type { ColumnInfo } from '../core/node.ts';
import { constraintsOf } from '../nodes/constraints.ts';
import type { Described } from '../nodes/node-kind.ts';
import type { ColumnEntry } from './properties-schema.ts';

type Values = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : ((value as readonly string[] | null | undefined) ?? []);

/** Tags of a column, beside `config:` and in it. */
export const columnTags = ({
  tags,
  config,
}: Pick<ColumnEntry, 'tags' | 'config'>): readonly string[] => [
  ...listOf(tags),
  ...listOf((config as Values | null | undefined)?.['tags']),
];

/** A column as nodes keep it. */
export function columnInfo(
  column: Omit<ColumnEntry, 'name'> & { name: string },
  described: Described,
): ColumnInfo {
  const config = (column.config ?? {}) as Values;
  return {
    name: column.name,
    ...described,
    dataType: column.data_type ?? undefined,
    tags: columnTags(column),
    meta: { ...column.meta, ...(config['meta'] as Values | undefined) },
    extra: {
      constraints: constraintsOf(column.constraints),
      quote: column.quote ?? null,
      granularity: column.granularity ?? null,
      dimension: column.dimension ?? null,
      entity: column.entity ?? null,
    },
  };
}
