import * as z from 'zod';
import { count, flag, optional, text, version } from '../../config/yaml-values.ts';

/** Methods of dbt's selector grammar, and velo's own: interval, kind. */
const METHODS = [
  ...['fqn', 'tag', 'group', 'access', 'source', 'path', 'file', 'package', 'config', 'test_name'],
  ...['test_type', 'resource_type', 'state', 'exposure', 'metric', 'result', 'source_status'],
  ...['version', 'semantic_model', 'saved_query', 'unit_test', 'function', 'wildcard', 'selector'],
  ...['interval', 'kind'],
] as const;

/** `config` takes the key it compares: `config.materialized`, `config.meta.owner`. */
const CONFIG_METHOD = /^config(\.\w+)+$/;

const methodName = z
  .string()
  .refine(
    (name) => (METHODS as readonly string[]).includes(name) || CONFIG_METHOD.test(name),
    `must be a method: ${METHODS.join(', ')}`,
  )
  .meta({ anyOf: [{ enum: METHODS }, { pattern: CONFIG_METHOD.source }] });

const value = z.union([z.string(), z.number(), z.boolean()]);

/** How a selection is said: as on the command line, by method and value, or as sets of selections. */
export type SelectorDefinition = string | SelectorMapping;

/** One way of saying it at a time; which one is checked by the schema. */
interface SelectorMapping {
  readonly method?: string | undefined;
  readonly value?: string | number | boolean | undefined;
  readonly parents?: boolean | string | null | undefined;
  readonly children?: boolean | string | null | undefined;
  readonly parents_depth?: number | string | null | undefined;
  readonly children_depth?: number | string | null | undefined;
  readonly childrens_parents?: boolean | string | null | undefined;
  readonly indirect_selection?: 'eager' | 'cautious' | 'buildable' | 'empty' | null | undefined;
  readonly union?: readonly SelectorDefinition[] | null | undefined;
  readonly intersection?: readonly SelectorDefinition[] | null | undefined;
  readonly exclude?: readonly SelectorDefinition[] | null | undefined;
  /** The short form: `tag: nightly`, `config.materialized: table`. */
  readonly [method: string]: unknown;
}

const detailed = {
  method: methodName.optional().describe('What is compared: tag, path, config.materialized …'),
  value: value.optional().describe('What it is compared with.'),
  parents: optional(flag, 'True: and everything it is made from (+x).'),
  children: optional(flag, 'True: and everything made from it (x+).'),
  parents_depth: optional(count, 'Only so many steps up (2+x).'),
  children_depth: optional(count, 'Only so many steps down (x+2).'),
  childrens_parents: optional(flag, 'True: and what its children are made from (@x).'),
  indirect_selection: optional(
    z.enum(['eager', 'cautious', 'buildable', 'empty']),
    'Which tests come with it: eager, cautious, buildable or empty.',
  ),
};

const list = (about: string) => optional(z.array(definition), about);

const shortForms = Object.fromEntries(
  METHODS.map((name) => [name, value.optional().describe(`Short for method: ${name}.`)]),
);

const DETAILED = [...Object.keys(detailed), 'exclude'];
const ALONE: readonly string[] = ['union', 'intersection', 'exclude', ...METHODS];

/** Exactly one form: a method with its value, one set, or one short form. */
function oneForm(given: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  const keys = Object.keys(given);
  const known = (key: string) =>
    DETAILED.includes(key) || ALONE.includes(key) || CONFIG_METHOD.test(key);
  const unknown = keys.filter((key) => !known(key));
  if (unknown.length > 0) {
    context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: given });
  } else if (!isDetailed(keys) && !isAlone(keys)) {
    const message = "must have 'method' and 'value', or one key: union, intersection or a method";
    context.addIssue({ code: 'custom', message, path: [] });
  }
}

const isDetailed = (keys: readonly string[]): boolean =>
  ['method', 'value'].every((key) => keys.includes(key)) &&
  keys.every((key) => DETAILED.includes(key));

const isAlone = ([key = '', ...others]: readonly string[]): boolean =>
  others.length === 0 && (ALONE.includes(key) || CONFIG_METHOD.test(key));

/** `oneForm` for JSON Schema. */
const ONE_FORM = {
  additionalProperties: false,
  patternProperties: { [CONFIG_METHOD.source]: { type: ['string', 'number', 'boolean'] } },
  anyOf: [
    { required: ['method', 'value'], propertyNames: { enum: DETAILED } },
    {
      minProperties: 1,
      maxProperties: 1,
      propertyNames: { anyOf: [{ enum: ALONE }, { pattern: CONFIG_METHOD.source }] },
    },
  ],
};

const mapping = z
  .looseObject({
    ...detailed,
    ...shortForms,
    get union() {
      return list('What any of these selects.');
    },
    get intersection() {
      return list('What all of these select.');
    },
    get exclude() {
      return list('Without what these select.');
    },
  })
  .superRefine(oneForm)
  .meta({ id: 'selection', title: 'A selection', ...ONE_FORM });

const definition: z.ZodType<SelectorDefinition> = z.union([z.string(), mapping]);

const selector = z
  .strictObject({
    name: z.string().describe('What --selector calls it.'),
    description: optional(text, 'What it is for.'),
    default: optional(flag, 'True: used when nothing else is selected.'),
    definition: definition.describe('What it selects.'),
  })
  .meta({ id: 'selector', title: 'A selector' });

/** selectors.yml */
export const selectorsSchema = z
  .strictObject({
    version: optional(version, 'Version of this grammar: 2.'),
    selectors: z.array(selector).describe('Selections by name.'),
  })
  .meta({ title: 'selectors.yml', description: 'Selections with a name.' });
