import * as z from 'zod';
import {
  flag,
  open,
  optional,
  text,
  textOrOpen,
  textOrTexts,
  texts,
} from '../../config/yaml-values.ts';

/** `- unique`, or `- accepted_values: {arguments: …, config: …}`; its inner keys are checked where it is read. */
export const testEntry = textOrOpen;

/** What a person says of a thing; many kinds take it beside `config:`. */
export const about = {
  name: z.string().describe('Its name.'),
  description: optional(text, "What it is, in Markdown; may hold {{ doc('…') }}."),
};

/** Settings, and the two that stood beside `config:` before it was the place for them. */
export const settings = {
  config: optional(open, 'Settings; they win over the project file and lose to the file itself.'),
  tags: optional(textOrTexts, 'Words to select by (tag:…); they add to those of config.'),
  meta: optional(open, 'Anything people or tools want to keep with it.'),
};

const tests = z.array(testEntry).meta({ id: 'dataTests' });

/** Tests under their name of today and under their old one. */
export const testKeys = {
  data_tests: optional(tests, 'Data tests to run on it.'),
  tests: optional(tests, 'Old name of data_tests.'),
};

/** The fault is the key, not its value. */
const AT_KEY = { at: 'key' };

/** Both names of one key at once: one list would be lost. */
// A bare check, since superRefine makes a closure for each of a project's columns.
export function oneNameForTests(
  payload: z.core.ParsePayload<{ readonly tests?: unknown; readonly data_tests?: unknown }>,
): void {
  const { value, issues } = payload;
  if (value.tests === undefined || value.data_tests === undefined) return;
  const message = "is the old name of 'data_tests': only one of them can be there";
  issues.push({ code: 'custom', input: value, message, path: ['tests'], params: AT_KEY });
}

/** The same for JSON Schema. */
export const ONE_NAME_FOR_TESTS = { not: { required: ['tests', 'data_tests'] } };

export const docs = z
  .strictObject({
    show: optional(flag, 'False hides it in the documentation.'),
    node_color: optional(text, 'Its colour in the graph: a name or #rrggbb.'),
  })
  .meta({ id: 'docs' });

/** Who answers for it; further keys are the project's own. */
export const owner = z
  .looseObject({
    name: optional(text, 'Person or team.'),
    email: optional(textOrTexts, 'Where to reach them.'),
  })
  .refine(({ name, email }) => (name ?? email ?? null) !== null, 'needs a name or an email')
  .meta({ anyOf: [{ required: ['name'] }, { required: ['email'] }] });

const CONSTRAINT_TYPES = [
  'not_null',
  'unique',
  'primary_key',
  'foreign_key',
  'check',
  'custom',
] as const;

const constraintKeys = {
  type: z.enum(CONSTRAINT_TYPES).describe('Which constraint.'),
  name: optional(text, 'Its name in the database.'),
  expression: optional(text, 'Condition of a check, or what follows a foreign key.'),
  to: optional(text, "Table of a foreign key: ref('…') or source('…', '…')."),
  to_columns: optional(texts, 'Columns of that table.'),
  warn_unenforced: optional(flag, 'False: no warning where the database does not enforce it.'),
  warn_unsupported: optional(flag, 'False: no warning where the database does not know it.'),
};

const columnConstraint = z.strictObject(constraintKeys).meta({ id: 'columnConstraint' });

/** A constraint of a model, over some of its columns. */
export const modelConstraint = z.strictObject({
  ...constraintKeys,
  columns: optional(texts, 'Columns it is about.'),
});

/** Everything of a column but its name. */
export const columnKeys = {
  description: about.description,
  data_type: optional(text, 'Its type; with a contract the model must give it.'),
  ...settings,
  ...testKeys,
  constraints: optional(z.array(columnConstraint), 'Constraints to create, where a contract is.'),
  quote: optional(flag, 'Write the name with quotes.'),
  granularity: optional(text, 'Time grain of a column of a time spine.'),
  dimension: optional(z.unknown(), 'Semantic layer: kept and not used.'),
  entity: optional(z.unknown(), 'Semantic layer: kept and not used.'),
  policy_tags: optional(texts, 'Of another database; kept and not used.'),
  databricks_tags: optional(open, 'Of another database; kept and not used.'),
  column_mask: optional(z.unknown(), 'Of another database; kept and not used.'),
  classifiers: optional(texts, 'Of another database; kept and not used.'),
};

export const column = z
  .strictObject({ name: z.string().describe('The column.'), ...columnKeys })
  .check(oneNameForTests)
  .meta({ id: 'column', ...ONE_NAME_FOR_TESTS });

/** What models, seeds, snapshots and tables of a source share. */
export const nodeKeys = {
  ...about,
  ...settings,
  columns: optional(z.array(column), 'Its columns; those not listed exist all the same.'),
  ...testKeys,
  docs: optional(docs, 'How the documentation shows it.'),
};
