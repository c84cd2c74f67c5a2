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
  columnKeys,
  docs,
  modelConstraint,
  nodeKeys,
  ONE_NAME_FOR_TESTS,
  oneNameForTests,
  testKeys,
} from './common.ts';

/** A column of a version, or which of the model's columns the version has. */
const versionColumn = z
  .strictObject({
    name: optional(text, 'The column.'),
    ...columnKeys,
    include: optional(textOrTexts, "Columns of the model this version has: 'all' or a list."),
    exclude: optional(texts, 'Columns of the model this version lacks.'),
  })
  .check(oneNameForTests)
  .meta({ id: 'versionColumn', ...ONE_NAME_FOR_TESTS });

const constraints = z.array(modelConstraint);

const access = z.enum(['private', 'protected', 'public']);

const modelVersion = z
  .strictObject({
    v: version.describe('Which version; they are ordered by it.'),
    defined_in: optional(text, 'Its file without the ending; default <model>_v<v>.'),
    description: about.description,
    access: optional(access, 'Who may ref it: private, protected or public.'),
    config: optional(open, 'Settings of this version; they win over the model.'),
    columns: optional(z.array(versionColumn), 'How its columns differ from the model.'),
    constraints: optional(constraints, 'Constraints of this version.'),
    ...testKeys,
    docs: optional(docs, 'How the documentation shows it.'),
    deprecation_date: optional(text, 'Day from which a ref to it warns: 2026-12-31.'),
  })
  .check(oneNameForTests)
  .meta({ id: 'modelVersion', ...ONE_NAME_FOR_TESTS });

const timeSpine = z.strictObject({
  standard_granularity_column: z.string().describe('Column that holds the dates.'),
  custom_granularities: optional(
    z.array(
      z.strictObject({
        name: z.string().describe('Name of the grain.'),
        column_name: optional(text, 'Its column, when it is named otherwise.'),
      }),
    ),
    'Grains of your own: fiscal quarters and the like.',
  ),
});

/** One entry of `models:`. */
export const model = z
  .strictObject({
    ...nodeKeys,
    access: optional(
      access,
      'Who may ref it: private (its group), protected (its package), public.',
    ),
    group: optional(text, 'The group that owns it.'),
    contract: optional(
      z.strictObject({
        enforced: optional(flag, 'True: columns and types must be those listed here.'),
        alias_types: optional(
          flag,
          "False: types are compared as written, not by the database's aliases.",
        ),
        checksum: optional(text, 'Written by dbt; not used.'),
      }),
      'Old place of config.contract.',
    ),
    constraints: optional(constraints, 'Constraints over several columns.'),
    latest_version: optional(version, 'The version that a ref without one means.'),
    versions: optional(z.array(modelVersion), 'Versions that exist side by side.'),
    deprecation_date: optional(text, 'Day from which a ref to it warns: 2026-12-31.'),
    primary_key: optional(textOrTexts, 'Columns that tell its rows apart.'),
    quote_columns: optional(flag, 'Old place of the setting of seeds.'),
    identifier: optional(text, 'Old name of config.alias.'),
    time_spine: optional(timeSpine, 'The model is a table of dates for the semantic layer.'),
    semantic_model: optional(z.unknown(), 'Semantic layer: kept and not used.'),
    derived_semantics: optional(z.unknown(), 'Semantic layer: kept and not used.'),
    metrics: optional(z.array(z.unknown()), 'Semantic layer: kept and not used.'),
    agg_time_dimension: optional(text, 'Semantic layer: kept and not used.'),
    primary_entity: optional(text, 'Semantic layer: kept and not used.'),
  })
  .check(oneNameForTests)
  .meta({ id: 'model', title: 'A model', ...ONE_NAME_FOR_TESTS });

/** One entry of `seeds:`. */
export const seed = z
  .strictObject({
    ...nodeKeys,
    group: optional(text, 'The group that owns it.'),
    quote_columns: optional(flag, 'Old place of config.quote_columns.'),
  })
  .check(oneNameForTests)
  .meta({ id: 'seed', title: 'A seed', ...ONE_NAME_FOR_TESTS });

/** One entry of `snapshots:`. */
export const snapshot = z
  .strictObject({
    ...nodeKeys,
    group: optional(text, 'The group that owns it.'),
    relation: optional(text, "What it keeps the history of: ref('…') or source('…', '…')."),
  })
  .check(oneNameForTests)
  .meta({ id: 'snapshot', title: 'A snapshot', ...ONE_NAME_FOR_TESTS });

/** One entry of `analyses:`. */
export const analysis = z
  .strictObject({
    ...about,
    config: nodeKeys.config,
    tags: nodeKeys.tags,
    meta: nodeKeys.meta,
    columns: nodeKeys.columns,
    docs: nodeKeys.docs,
  })
  .meta({ id: 'analysis', title: 'An analysis' });
