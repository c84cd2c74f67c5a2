import * as z from 'zod';
import { shown } from '../core/schema-issue.ts';

/** What a value looks like that is decided when the file is rendered: `{{ var('deep') }}`. */
const TEMPLATE = '\\{\\{|\\{%';

/** The words of zod's own faults, for checks that zod has no word for. */
const must = (be: string) => ({
  error: ({ input }: { readonly input?: unknown }) => `must be ${be}, not ${shown(input)}`,
});

/** A key that may be left out or left empty, with the sentence editors show for it. */
export const optional = <S extends z.ZodType>(schema: S, about: string) =>
  schema.nullish().describe(about);

export const text = z.string();
export const texts = z.array(z.string());
export const textOrTexts = z.union([z.string(), texts]).meta({ id: 'textOrTexts' });

/** True or false, or a template that gives one of them. */
export const flag = z
  .union([
    z.boolean(),
    z.string().regex(new RegExp(`${TEMPLATE}|^([Tt]rue|[Ff]alse)$`), must('true or false')),
  ])
  .meta({ id: 'flag' });

/** A whole number, or a template that gives one. */
export const count = z
  .union([z.int(), z.string().regex(new RegExp(`${TEMPLATE}|^-?\\d+$`), must('a whole number'))])
  .meta({ id: 'count' });

/** Of a model, or of a project: `2`, `'1.10.0'`. */
export const version = z.union([z.number(), z.string()]).meta({ id: 'version' });

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A mapping whose keys are the user's own, or are checked where they are used. */
// z.record would visit every key, which costs more than the rest of a properties file together.
export const open = z
  .custom<Mapping>(isMapping, must('a mapping'))
  .meta({ type: 'object', additionalProperties: true });

/** A name, or a mapping: `- unique`, `- accepted_values: {…}`. */
export const textOrOpen = z
  .custom<string | Mapping>(
    (value) => typeof value === 'string' || isMapping(value),
    must('a name or a mapping'),
  )
  .meta({ type: ['string', 'object'] });

/** How names of this part are written: with the database's quotes or without. */
export const quoting = z
  .strictObject({
    database: optional(flag, 'Quote the name of the database.'),
    schema: optional(flag, 'Quote the name of the schema.'),
    identifier: optional(flag, 'Quote the name of the table or view.'),
    snowflake_ignore_case: optional(flag, 'Of another database; kept and not used.'),
  })
  .meta({ id: 'quoting' });
