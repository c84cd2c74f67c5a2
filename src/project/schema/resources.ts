import * as z from 'zod';
import {
  flag,
  open,
  optional,
  text,
  textOrTexts,
  texts,
  version,
} from '../../config/yaml-values.ts';
import {
  about,
  docs,
  ONE_NAME_FOR_TESTS,
  oneNameForTests,
  owner,
  settings,
  testKeys,
} from './common.ts';

const macroArgument = z.strictObject({
  name: z.string().describe('The argument.'),
  type: optional(text, 'Its type: for people.'),
  description: about.description,
});

/** One entry of `macros:`. */
export const macro = z
  .strictObject({
    ...about,
    arguments: optional(z.array(macroArgument), 'Its arguments.'),
    config: settings.config,
    meta: settings.meta,
    docs: optional(docs, 'How the documentation shows it.'),
  })
  .meta({ id: 'macro', title: 'A macro' });

/** One entry of `data_tests:` at the top of a file: a test written as a file of SQL. */
export const singularTest = z
  .strictObject({ ...about, config: settings.config, meta: settings.meta })
  .meta({ id: 'singularTest', title: 'A singular test' });

const EXPOSURE_TYPES = ['dashboard', 'notebook', 'analysis', 'ml', 'application'] as const;

/** One entry of `exposures:`. */
export const exposure = z
  .strictObject({
    ...about,
    ...settings,
    type: z.enum(EXPOSURE_TYPES).describe('What kind of use it is.'),
    owner: owner.describe('Who answers for it.'),
    label: optional(text, 'Its name for people.'),
    url: optional(text, 'Where it is.'),
    maturity: optional(z.enum(['high', 'medium', 'low']), 'high, medium or low.'),
    depends_on: optional(texts, "What it reads: ref('…'), source('…', '…')."),
  })
  .meta({ id: 'exposure', title: 'An exposure' });

/** One entry of `groups:`. */
export const group = z
  .strictObject({
    ...about,
    owner: owner.describe('Who answers for it.'),
    config: settings.config,
    meta: settings.meta,
  })
  .meta({ id: 'group', title: 'A group' });

const functionArgument = z.strictObject({
  name: optional(text, 'The argument.'),
  data_type: optional(text, 'Its type.'),
  description: about.description,
  default_value: optional(z.union([z.string(), z.number(), z.boolean()]), 'Value when left out.'),
});

const functionArguments = z.array(functionArgument);

const returned = z.strictObject({
  data_type: optional(text, 'Type of the result.'),
  description: about.description,
});

const overload = z.strictObject({
  defined_in: z.string().describe('Its file without the ending.'),
  arguments: optional(functionArguments, 'Its arguments.'),
  returns: optional(returned, 'What it gives.'),
  description: about.description,
});

/** One entry of `functions:`. */
export const functionEntry = z
  .strictObject({
    ...about,
    ...settings,
    arguments: optional(functionArguments, 'Its arguments, in order.'),
    returns: optional(returned, 'What it gives.'),
    overloads: optional(z.array(overload), 'The same name with other arguments.'),
    language: optional(text, 'sql, python or javascript.'),
    identifier: optional(text, 'Its name in the database, when it differs.'),
    ...testKeys,
    docs: optional(docs, 'How the documentation shows it.'),
  })
  .check(oneNameForTests)
  .meta({ id: 'function', title: 'A function', ...ONE_NAME_FOR_TESTS });

const rows = {
  rows: optional(z.union([z.array(open), z.string()]), 'A list of rows, or text in the format.'),
  format: optional(z.enum(['dict', 'csv', 'sql']), 'dict (a list of rows), csv or sql.'),
  fixture: optional(text, 'A file of fixtures instead of rows.'),
};

const given = z.strictObject({
  input: z.string().describe("What is replaced: ref('…'), source('…', '…') or this."),
  ...rows,
});

const versions = z.strictObject({
  include: optional(z.array(version), 'Only these.'),
  exclude: optional(z.array(version), 'All but these.'),
});

/** One entry of `unit_tests:`. */
export const unitTest = z
  .strictObject({
    ...about,
    config: settings.config,
    model: z.string().describe('The model to test.'),
    given: optional(z.array(given), 'Rows its inputs have.'),
    expect: z.strictObject(rows).describe('Rows it must give.'),
    overrides: optional(
      z.strictObject({
        macros: optional(open, 'What macros give: {is_incremental: true}.'),
        vars: optional(open, 'Values of variables.'),
        env_vars: optional(open, 'Values of environment variables.'),
      }),
      'What differs from a real run.',
    ),
    versions: optional(versions, 'Which versions of the model.'),
    tags: optional(textOrTexts, 'Old place of config.tags.'),
  })
  .meta({ id: 'unitTest', title: 'A unit test' });

const kept = (name: string) => optional(z.unknown(), `${name}: kept and not used.`);

/** Keys of the semantic layer whose values are kept as they stand. */
const keptKeys = <K extends string>(...names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, kept('Semantic layer')])) as Record<
    K,
    ReturnType<typeof kept>
  >;

/** One entry of `metrics:`; its keys are checked, their values kept for tools. */
export const metric = z
  .strictObject({
    ...about,
    ...settings,
    label: optional(text, 'Its name for people.'),
    type: optional(
      z.enum(['simple', 'ratio', 'cumulative', 'derived', 'conversion']),
      'simple, ratio, cumulative, derived or conversion.',
    ),
    hidden: optional(flag, 'True hides it from tools.'),
    ...keptKeys(
      ...(['type_params', 'filter', 'time_granularity', 'agg', 'agg_time_dimension'] as const),
      ...(['base_metric', 'calculation', 'constant_properties', 'conversion_metric'] as const),
      ...(['denominator', 'entity', 'expr', 'fill_nulls_with', 'grain_to_date'] as const),
      ...(['input_metric', 'input_metrics', 'join_to_timespine', 'numerator'] as const),
      ...(['non_additive_dimension', 'percentile', 'percentile_type', 'period_agg'] as const),
      ...(['window'] as const),
    ),
  })
  .meta({ id: 'metric', title: 'A metric' });

/** One entry of `semantic_models:`; its keys are checked, their values kept for tools. */
export const semanticModel = z
  .strictObject({
    ...about,
    ...settings,
    model: z.string().describe("The model it describes: ref('…')."),
    label: optional(text, 'Its name for people.'),
    ...keptKeys('defaults', 'entities', 'dimensions', 'measures', 'primary_entity'),
  })
  .meta({ id: 'semanticModel', title: 'A semantic model' });

/** One entry of `saved_queries:`; its keys are checked, their values kept for tools. */
export const savedQuery = z
  .strictObject({
    ...about,
    ...settings,
    label: optional(text, 'Its name for people.'),
    query_params: z
      .strictObject(keptKeys('metrics', 'group_by', 'where', 'order_by', 'limit'))
      .describe('What it asks for.'),
    exports: optional(z.array(z.unknown()), 'Semantic layer: kept and not used.'),
  })
  .meta({ id: 'savedQuery', title: 'A saved query' });
