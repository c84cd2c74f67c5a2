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
    return asMarked(toPlain(rendered), value);
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

const MARK = /\|\s*(?<wanted>as_number|as_bool)\s*-?\}\}\s*$/;

/** What the environment says is text; dbt's filters ask for a number or a boolean. What is none stays text, and is refused where it is used. */
function asMarked(value: unknown, template: string): unknown {
  const wanted = MARK.exec(template)?.groups?.['wanted'];
  if (wanted === undefined || typeof value !== 'string') return value;
  const text = value.trim();
  if (wanted === 'as_number')
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : value;
  const word = text.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : value;
}

/** The same for one file's value, with the names of a project's context. */
export const renderYamlValue = (
  value: unknown,
  yaml: YamlFile,
  at: YamlPath,
  names: ContextLayer,
): unknown => renderDeep(value, (path) => yaml.spanOf([...at, ...path]), names);
