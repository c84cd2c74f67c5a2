import * as z from 'zod';
import type { PartitionUnit } from '../adapters/adapter.ts';
import { GRAINS } from '../core/grain.ts';
import { backtestSettings, scoreSettings, trainSettings } from './modeling-settings.ts';

/*
 * The settings of each kind under dbt's names, in the order and with the defaults of dbt's manifest. Settings without
 * default appear only where they are set: those of an adapter, and velo's own.
 */

const listOfText = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const textOrList = z.union([z.string(), z.array(z.string())]);
const text = z.string().nullable().default(null);
const flag = z.boolean().nullable().default(null);
const record = z.record(z.string(), z.unknown());
const mapping = record.default({});

/** `"sql"`, `{sql, transaction}`, or a list of them. */
const oneHook = z.union([
  z.string().transform((sql) => ({ sql, transaction: true, index: null })),
  z.object({
    sql: z.string(),
    transaction: z.boolean().default(true),
    index: z.int().nullable().default(null),
  }),
]);
const hooks = z.union([oneHook.transform((one) => [one]), z.array(oneHook)]).default([]);

const contract = z
  .object({ enforced: z.boolean().default(false), alias_types: z.boolean().default(true) })
  .default({ enforced: false, alias_types: true });

const docs = z
  .object({
    show: z.boolean().default(true),
    node_color: z.string().nullable().default(null),
  })
  .default({ show: true, node_color: null });

const head = {
  enabled: z.boolean().default(true),
  alias: text,
  schema: text,
  database: text,
  tags: listOfText.default([]),
  meta: mapping,
  group: text,
  static_analysis: z.unknown().default(null),
};

/** What every node that becomes a relation can be told. */
const relational = (materialized: string) => ({
  ...head,
  materialized: z.string().default(materialized),
  incremental_strategy: text,
  /** dbt's grain of a microbatch, or velo's size of an as_of batch. */
  batch_size: z
    .union([z.enum([...GRAINS, 'year', 'auto', 'all']), z.int().positive()])
    .nullable()
    .default(null),
  /** dbt's batches before the newest, or velo's list of grains before each new one. */
  lookback: z.union([z.int().nonnegative(), z.array(z.int().positive())]).default(1),
  begin: text,
  persist_docs: mapping,
  'post-hook': hooks,
  'pre-hook': hooks,
  quoting: mapping,
  column_types: z.record(z.string(), z.string()).default({}),
  full_refresh: flag,
  unique_key: textOrList.nullable().default(null),
  on_schema_change: z
    .enum(['ignore', 'append_new_columns', 'sync_all_columns', 'fail'])
    .default('ignore'),
  on_configuration_change: z.enum(['apply', 'continue', 'fail']).default('apply'),
  grants: mapping,
  packages: listOfText.default([]),
  docs,
  contract,
  event_time: text,
  concurrent_batches: flag,
});

const index = z.strictObject({
  columns: z.array(z.string()).min(1),
  unique: z.boolean().optional(),
  type: z.string().optional(),
});

/** Settings that only some adapters and materializations read: kept as they are. */
const adapterSettings = {
  merge_update_columns: textOrList.nullish(),
  merge_exclude_columns: textOrList.nullish(),
  incremental_predicates: z.array(z.string()).nullish(),
  predicates: z.array(z.string()).nullish(),
  indexes: z.array(index).nullish(),
  unlogged: z.boolean().nullish(),
  sql_header: z.string().nullish(),
  location: z.string().nullish(),
  format: z.string().nullish(),
  options: record.nullish(),
  partition_columns: z.unknown(),
  partition_by: z.unknown(),
  partitioned_by: z.unknown(),
  sorted_by: z.unknown(),
  plugin: z.string().nullish(),
  submission_method: z.string().nullish(),
};

/** velo's own: rows without a date of their own are dated by the row of another input that `key` points at. */
const datingSettings = {
  event_time_from: z.strictObject({ to: z.string(), key: z.string() }).optional(),
};

/** velo's own settings of an as_of model (engine.md §5). */
const asOfSettings = {
  as_of: z.string().optional(),
  grain: z.enum(GRAINS).optional(),
  depends_on_past: z.boolean().optional(),
  on_change: z.enum(['rebuild', 'forward_only', 'fail']).optional(),
  ahead: z.boolean().optional(),
  separable: z.enum(['assume', 'check', 'never']).optional(),
};

const optional = z
  .object({
    ...adapterSettings,
    ...asOfSettings,
    ...datingSettings,
    ...trainSettings,
    ...scoreSettings,
    ...backtestSettings,
  })
  .partial().shape;

export const modelConfig = z.strictObject({
  ...relational('view'),
  access: z.enum(['private', 'protected', 'public']).default('protected'),
  freshness: z.unknown().default(null),
  on_error: z.unknown().default(null),
  latest_version_pointer: z
    .object({ enabled: flag, alias: text })
    .default({ enabled: null, alias: null }),
  ...optional,
});

/** A TypeScript model also says what it reads: a file cannot be asked without running it. */
export const scriptConfig = z.strictObject({
  ...modelConfig.shape,
  materialized: z.string().default('table'),
  refs: z.array(z.string()).default([]),
  sources: z.array(z.tuple([z.string(), z.string()])).default([]),
});

/** A Python model's own settings are its code's: dbt keeps them, whatever they are. */
export const pythonModelConfig = z.strictObject({
  ...modelConfig.shape,
  materialized: z.string().default('table'),
});

export const seedConfig = z.strictObject({
  ...relational('seed'),
  delimiter: z.string().length(1).default(','),
  quote_columns: flag,
  ...datingSettings,
});

export const snapshotConfig = z.strictObject({
  ...relational('snapshot'),
  strategy: text,
  target_schema: text,
  target_database: text,
  updated_at: text,
  check_cols: textOrList.nullable().default(null),
  snapshot_meta_column_names: z
    .object({
      dbt_valid_to: text,
      dbt_valid_from: text,
      dbt_scd_id: text,
      dbt_updated_at: text,
      dbt_is_deleted: text,
    })
    .prefault({}),
  dbt_valid_to_current: text,
  hard_deletes: z.enum(['ignore', 'invalidate', 'new_record']).optional(),
  invalidate_hard_deletes: z.boolean().optional(),
  sql_header: z.string().nullish().optional(),
});

/** An analysis, or a hook of the project: compiled, never stored. */
export const codeConfig = z.strictObject(relational('view'));

export const functionConfig = z.strictObject({
  ...relational('function'),
  type: z.enum(['scalar', 'aggregate', 'table']).default('scalar'),
  volatility: text,
  runtime_version: text,
  entry_point: text,
  snowflake: mapping.default({ quote_args: true }),
});

const labelled = {
  enabled: z.boolean().default(true),
  tags: listOfText.default([]),
  meta: mapping,
};

export const exposureConfig = z.strictObject(labelled);

export const unitTestConfig = z.strictObject({
  tags: listOfText.default([]),
  meta: mapping,
  enabled: z.boolean().default(true),
  as_of: z.string().optional(),
  static_analysis: z.unknown().default(null),
});

export const metricConfig = z.strictObject({
  enabled: z.boolean().default(true),
  group: text,
  meta: mapping,
  tags: listOfText.optional(),
});

export const savedQueryConfig = z.strictObject({
  enabled: z.boolean().default(true),
  group: text,
  meta: mapping,
  export_as: z.enum(['table', 'view']).nullable().default(null),
  schema: text,
  cache: z.object({ enabled: z.boolean().default(false) }).default({ enabled: false }),
  tags: listOfText.optional(),
});

export const sourceConfig = z.strictObject({
  enabled: z.boolean().default(true),
  event_time: text,
  freshness: z.unknown().default(null),
  loaded_at_field: text,
  loaded_at_query: text,
  meta: mapping,
  tags: listOfText.default([]),
  static_analysis: z.unknown().default(null),
  external_location: z.string().nullish(),
  format: z.enum(['parquet', 'csv', 'json']).optional(),
  column_types: z.record(z.string(), z.string()).optional(),
  ...datingSettings,
});

const threshold = z
  .string()
  .regex(
    /^\s*(=|==|!=|<>|<|<=|>|>=)\s*(\d+|\d+(\.\d+)?\s*%)\s*$/,
    "must be like '> 10', '!= 0' or '> 1.5%'",
  );

export const testConfig = z.strictObject({
  ...head,
  schema: z.string().nullable().default('dbt_test__audit'),
  materialized: z.string().default('test'),
  severity: z
    .union([z.enum(['error', 'warn', 'info']), z.enum(['ERROR', 'WARN', 'INFO'])])
    .default('ERROR'),
  store_failures: flag,
  store_failures_as: z.enum(['table', 'view', 'ephemeral']).nullable().default(null),
  sql_header: text,
  where: text,
  limit: z.int().positive().nullable().default(null),
  fail_calc: z.string().default('count(*)'),
  warn_if: threshold.default('!= 0'),
  error_if: threshold.default('!= 0'),
  /** velo's own: rows that were found before do not count. */
  only_new_failures: z.boolean().optional(),
  /** velo's own: each date is judged by itself. */
  as_of: z.string().optional(),
  grain: z.enum(GRAINS).optional(),
  /** velo's own: what it finds lies in the code, so other rows are no reason to run it again. */
  judges_code: z.boolean().optional(),
});

export type ModelConfig = z.output<typeof modelConfig>;
export type SourceConfig = z.output<typeof sourceConfig>;
export type TestConfig = z.output<typeof testConfig>;

/** unique_key as a list. */
export const uniqueKeyOf = ({ unique_key }: Pick<ModelConfig, 'unique_key'>): readonly string[] =>
  unique_key === null ? [] : typeof unique_key === 'string' ? [unique_key] : unique_key;

/**
 * The parts an as_of model is kept in: `partition_by` its column, or `{field, granularity}`, in dbt's words for BigQuery.
 * Undefined when it names another column, or none.
 */
export function partitionUnitOf({
  as_of: column,
  partition_by: given,
}: Pick<ModelConfig, 'as_of' | 'partition_by'>): PartitionUnit | undefined {
  if (column === undefined || !partitionByOf({ partition_by: given }).includes(column))
    return undefined;
  const unit =
    typeof given === 'object' && given !== null && 'granularity' in given
      ? given.granularity
      : 'month';
  return PARTITION_UNITS.find((one) => one === unit);
}

const PARTITION_UNITS: readonly PartitionUnit[] = ['day', 'month', 'year'];

/** Names of the columns of partition_by, which is one, a list, or BigQuery's `{field}`. */
export const partitionByOf = ({
  partition_by,
}: Pick<ModelConfig, 'partition_by'>): readonly string[] => {
  const given = Array.isArray(partition_by) ? partition_by : [partition_by];
  return given.flatMap((one: unknown) => {
    const name = typeof one === 'object' && one !== null && 'field' in one ? one.field : one;
    return typeof name === 'string' ? [name] : [];
  });
};
