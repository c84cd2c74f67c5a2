import { pythonRepr } from './python-repr.ts';

type Values = Readonly<Record<string, unknown>>;

/** Settings of a test that dbt knows, in the order it writes them. */
const ORDER = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
];

/** The name of a generic test's macro as its template writes it: `toolbox.test_no_blank`. */
export const testMacroName = (name: string, namespace: string | undefined): string =>
  `${namespace === undefined ? '' : `${namespace}.`}test_${name}`;

/** The template of a generic test as dbt writes it: the call of its macro, and its settings. */
export function testTemplate(macro: string, settings: Values): string {
  const written = inOrder(settings).map(([key, value]) =>
    typeof value === 'string'
      ? `${key}="${value.replaceAll('"', '\\"')}"`
      : `${key}=${pythonRepr(value)}`,
  );
  const config = written.length === 0 ? '' : `{{ config(${written.join(',')}) }}`;
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${config}`;
}

/** The settings as dbt keeps them unrendered: it reads them from that template, where all but texts are Python. */
export const testSettingsText = (settings: Values): Values =>
  Object.fromEntries(
    inOrder(settings).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : pythonRepr(value),
    ]),
  );

function inOrder(settings: Values): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(settings);
  if (entries.length < 2) return entries;
  const rank = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return entries.sort(([one], [other]) => rank(one) - rank(other));
}
