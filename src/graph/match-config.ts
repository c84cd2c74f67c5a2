import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';

/**
 * `config.meta.team:core`: the value at that path is the text, or a list or map that holds it. As in dbt, `true` and
 * `false` stand for booleans, numbers never match and there are no wildcards.
 * @throws ConfigError 'selector-syntax' when no path is given
 */
export function matchesConfig(path: readonly string[], value: string): (node: Node) => boolean {
  if (path.length === 0) {
    throw new ConfigError('selector-syntax', `'config:${value}' does not say which config`, {
      hint: `for example config.materialized:${value}`,
    });
  }
  return (node) => holds(descend(node.config, path), value);
}

function descend(config: unknown, path: readonly string[]): unknown {
  let at = config;
  for (const key of path) {
    if (!isMap(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

function holds(actual: unknown, wanted: string): boolean {
  if (Array.isArray(actual)) return actual.some((item) => isSame(item, wanted));
  if (isMap(actual)) return Object.hasOwn(actual, wanted);
  return isSame(actual, wanted);
}

const isSame = (actual: unknown, wanted: string): boolean =>
  actual === wanted || (typeof actual === 'boolean' && String(actual) === wanted.toLowerCase());

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
