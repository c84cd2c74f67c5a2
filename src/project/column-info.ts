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

/** `outcome` and `label`: beside `config:`, in it, or in meta, where dbt lets anything be written. */
function outcomeOf(column: Values): Pick<ColumnInfo, 'outcome' | 'label'> {
  const config = (column['config'] ?? {}) as Values;
  const metas = [config['meta'], column['meta']] as (Values | null | undefined)[];
  const said = (key: string): unknown =>
    column[key] ?? config[key] ?? (metas.some((meta) => meta?.[key] === true) ? true : undefined);
  const outcome = wordOf(said('outcome'));
  return {
    ...(outcome === undefined ? {} : { outcome }),
    ...(wordOf(said('label')) === true ? { label: true as const } : {}),
  };
}

/** True, false, or a condition. Rendered templates give their words as text. */
function wordOf(value: unknown): boolean | string | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return /^(true|false)$/i.test(value.trim()) ? /^true$/i.test(value.trim()) : value;
}

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
    ...outcomeOf(column),
    extra: {
      constraints: constraintsOf(column.constraints),
      quote: column.quote ?? null,
      granularity: column.granularity ?? null,
      dimension: column.dimension ?? null,
      entity: column.entity ?? null,
    },
  };
}
