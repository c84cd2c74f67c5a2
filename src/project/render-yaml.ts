import type { YamlFile, YamlPath } from '../config/read-yaml.ts';
import type { RenderYaml } from '../config/settings.ts';
import type { Span } from '../core/span.ts';
import { type ContextLayer, layeredContext } from '../jinja/context.ts';
import { settingsNames } from '../jinja/contexts/base-context.ts';
import { renderNative } from '../jinja/render.ts';
import { toPlain } from '../jinja/value.ts';

const HAS_TEMPLATE = /\{\{|\{%|\{#/;

/** Settings files see vars and the environment, nothing else. */
export const renderYaml: RenderYaml = async (value, yaml, at, scope) =>
  renderDeep(value, (path) => yaml.spanOf([...at, ...path]), settingsNames(scope));

/**
 * A value with every string that holds a template rendered. A string that is one expression keeps
 * its type, so `"{{ var('on') }}"` can be a boolean. @throws ProjectError, ConfigError at the place of the string
 */
export function renderDeep(
  value: unknown,
  spanOf: (path: YamlPath) => Span,
  names: ContextLayer,
  path: YamlPath = [],
): unknown {
  if (typeof value === 'string') {
    if (!HAS_TEMPLATE.test(value)) return value;
    const rendered = renderNative({ ...spanOf(path), text: value }, layeredContext([names]));
    return asAsked(value, toPlain(rendered));
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => renderDeep(one, spanOf, names, [...path, index]));
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      renderDeep(one, spanOf, names, [...path, key]),
    ]),
  );
}

const ASKED = /^\s*\{\{.*\|\s*as_(number|bool|native)\s*-?\}\}\s*$/s;

/** Texts of the environment are numbers and booleans where a setting says so: `env_var('PORT') | as_number`. */
function asAsked(text: string, value: unknown): unknown {
  const asked = typeof value === 'string' ? ASKED.exec(text)?.[1] : undefined;
  if (asked === undefined || typeof value !== 'string') return value;
  const trimmed = value.trim();
  if (asked !== 'number' && /^(true|false)$/i.test(trimmed)) return /^t/i.test(trimmed);
  return asked !== 'bool' && /^[-+]?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : value;
}

/** The same for one file's value, with the names of a project's context. */
export const renderYamlValue = (
  value: unknown,
  yaml: YamlFile,
  at: YamlPath,
  names: ContextLayer,
): unknown => renderDeep(value, (path) => yaml.spanOf([...at, ...path]), names);
