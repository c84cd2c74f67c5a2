type Values = Readonly<Record<string, unknown>>;

/*
 * The semantic layer's resources as dbt's manifest has them: every key is there, those nobody wrote with dbt's default.
 */

const NO_META = { meta: {} };

const listOf = (value: unknown): readonly Values[] => (Array.isArray(value) ? value : []);

/** A metric or measure named by itself, or with what is asked of it. */
const named = (value: unknown): Values =>
  typeof value === 'string' ? { name: value } : (value as Values);

const whereFilter = (written: unknown): Values | null => {
  if (written === undefined || written === null) return null;
  const texts = Array.isArray(written) ? written : [written];
  return { where_filters: texts.map((text) => ({ where_sql_template: String(text) })) };
};

const filtered = (value: unknown) => {
  const { filter, ...input } = named(value);
  return { ...input, filter: whereFilter(filter) };
};

const measureInput = (value: unknown) => ({
  alias: null,
  join_to_timespine: false,
  fill_nulls_with: null,
  ...filtered(value),
});

const metricInput = (value: unknown) => ({
  alias: null,
  offset_window: null,
  offset_to_grain: null,
  ...filtered(value),
});

const orNull = <T>(value: unknown, make: (value: unknown) => T): T | null =>
  value === undefined || value === null ? null : make(value);

/** What a metric says besides its name, description and config. */
export function metricValues(entry: Values): Values {
  const { type_params: params, ...rest } = entry;
  const typed = (params ?? {}) as Values;
  const measure = orNull(typed['measure'], measureInput);
  return {
    label: null,
    type: null,
    metadata: null,
    time_granularity: null,
    ...rest,
    filter: whereFilter(entry['filter']),
    type_params: {
      expr: null,
      window: null,
      grain_to_date: null,
      conversion_type_params: null,
      cumulative_type_params: null,
      metric_aggregation_params: null,
      fill_nulls_with: null,
      join_to_timespine: false,
      is_private: null,
      ...typed,
      measure,
      input_measures: measure ? [measure] : [],
      numerator: orNull(typed['numerator'], metricInput),
      denominator: orNull(typed['denominator'], metricInput),
      metrics: listOf(typed['metrics']).map(metricInput),
    },
  };
}

/** What a semantic model says besides its name, description and config. */
export function semanticModelValues(entry: Values): Values {
  return {
    label: null,
    defaults: null,
    metadata: null,
    primary_entity: null,
    ...entry,
    entities: listOf(entry['entities']).map((entity) => ({ ...ENTITY, ...entity })),
    measures: listOf(entry['measures']).map((measure) => ({ ...MEASURE, ...measure })),
    dimensions: listOf(entry['dimensions']).map((dimension) => ({
      ...DIMENSION,
      ...dimension,
      type_params: orNull(dimension['type_params'], (params) => ({
        validity_params: null,
        ...(params as Values),
      })),
    })),
  };
}

const PART = { description: null, label: null, expr: null, config: NO_META };
const ENTITY = { ...PART, role: null };
const DIMENSION = { ...PART, is_partition: false, metadata: null, datatype: null };
const MEASURE = {
  ...PART,
  create_metric: false,
  agg_params: null,
  non_additive_dimension: null,
  agg_time_dimension: null,
};

/** What a saved query says besides its name, description and config. */
export function savedQueryValues(entry: Values): Values {
  const params = (entry['query_params'] ?? {}) as Values;
  return {
    label: null,
    metadata: null,
    exports: [],
    ...entry,
    query_params: {
      metrics: [],
      group_by: [],
      order_by: [],
      limit: null,
      ...params,
      where: whereFilter(params['where']),
    },
  };
}
