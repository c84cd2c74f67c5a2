import { ConfigError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { readSimpleYaml } from './yaml/simple-yaml.ts';
import { yamlLibrary } from './yaml/whole-yaml.ts';

/** Which warnings are errors and which are not told, by dbt's names of their events. */
export interface WarnErrorOptions {
  readonly error: 'all' | readonly string[];
  /** Of `error: all`, those that stay warnings. */
  readonly warn: readonly string[];
  readonly silence: readonly string[];
}

const KEYS = ['error', 'warn', 'silence'] as const;
/** dbt's old names of the keys. */
const OLD_KEYS: Readonly<Record<string, string>> = { include: 'error', exclude: 'warn' };

/** Names that stand for all warnings. */
const ALL: ReadonlySet<unknown> = new Set(['all', '*']);

/** The value of --warn-error-options: a text of YAML, or a mapping of the project file. @throws ConfigError 'usage' */
export function readWarnErrorOptions(value: unknown, span?: Span): WarnErrorOptions {
  const given = typeof value === 'string' ? parsed(value) : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw fault('is not a mapping', span);
  }
  const lists = given as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(lists)) {
    const now = OLD_KEYS[key];
    if (now !== undefined) throw fault(`has the old key '${key}': it is '${now}' now`, span);
    if (!KEYS.some((known) => known === key)) throw fault(`has no key '${key}'`, span);
  }
  const { error, warn, silence } = lists;
  return {
    error:
      ALL.has(error) || (Array.isArray(error) && error.some((one) => ALL.has(one)))
        ? 'all'
        : namesIn(error, span),
    warn: namesIn(warn, span),
    silence: namesIn(silence, span),
  };
}

function parsed(text: string): unknown {
  const given = readYamlText(text);
  if (given === undefined) throw fault('is not YAML');
  return given;
}

/** The value of an option that is YAML; undefined when it is none. */
export function readYamlText(text: string): unknown {
  try {
    const simple = readSimpleYaml(text);
    return simple ? simple.value : yamlLibrary().parse(text);
  } catch {
    return undefined;
  }
}

function namesIn(value: unknown, span: Span | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw fault('wants lists of names of warnings', span);
}

const fault = (text: string, span?: Span): ConfigError =>
  new ConfigError('usage', `--warn-error-options ${text}`, {
    span,
    hint: "such as '{error: [NoNodesForSelectionCriteria]}' or '{error: all, warn: [JinjaLogWarning]}'",
  });

/** dbt's name for all warnings of what dbt itself will drop; models that are deprecated are the project's affair. */
export const isDeprecation = (name: string): boolean =>
  name.endsWith('Deprecation') && name !== 'UpcomingReferenceDeprecation';

/** What becomes of a warning of this name; one without is an error or a warning like all others. */
export function fateOf(
  name: string | undefined,
  { error, warn, silence }: WarnErrorOptions,
): 'error' | 'warning' | 'silence' {
  const isIn = (names: readonly string[]) =>
    name !== undefined &&
    (names.includes(name) || (names.includes('Deprecations') && isDeprecation(name)));
  if (isIn(silence)) return 'silence';
  if (error === 'all') return isIn(warn) ? 'warning' : 'error';
  return isIn(error) && !isIn(warn) ? 'error' : 'warning';
}
