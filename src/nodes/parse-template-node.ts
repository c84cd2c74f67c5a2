import { windowKey } from '../core/length-of-time.ts';
import type { Reference } from '../core/node.ts';
import { baseNames } from '../jinja/contexts/base-context.ts';
import { nodeContext } from '../jinja/contexts/node-context.ts';
import { type Captured, parseNames } from '../jinja/contexts/parse-context.ts';
import { render } from '../jinja/render.ts';
import { parseTemplate, type Template, type TemplateSource } from '../jinja/template.ts';
import type { Value } from '../jinja/value.ts';
import type { ParseContext } from './node-kind.ts';
import type { ConfigLayer } from './resolve-config.ts';
import { unrenderedConfig } from './unrendered-config.ts';

/** What the parse phase learns from a template. */
export interface ParsedTemplate {
  readonly template: Template;
  readonly references: readonly Reference[];
  /** config() calls, in order. */
  readonly configs: readonly ConfigLayer[];
  /** The text with stand-ins for relations and dates, for the fingerprint. */
  readonly rendered: string;
}

/** Parses a template and renders it once in the parse phase. @throws ProjectError, ConfigError */
export function parseTemplateNode(
  source: TemplateSource,
  context: ParseContext,
  extraNames: Readonly<Record<string, Value>> = {},
): ParsedTemplate {
  const template = parseTemplate(source);
  const captured: Captured = { configs: [], references: [] };
  const layers = [extraNames, parseNames(captured), baseNames(context.scope)];
  const { text } = render(
    template,
    nodeContext(layers, context.macros, context.packageName),
    context.scope.limits,
  );
  return {
    template,
    references: distinct(captured.references),
    configs: withUnrendered(captured.configs, template, context),
    rendered: text,
  };
}

/** What the template's own config() call says unrendered stands with the first call there was. */
function withUnrendered(
  configs: readonly ConfigLayer[],
  template: Template,
  { kind }: ParseContext,
): readonly ConfigLayer[] {
  const unrendered =
    configs.length === 0 ? undefined : unrenderedConfig(template, kind === 'model');
  if (!unrendered) return configs;
  return configs.map((layer, at) => ({ ...layer, unrendered: at === 0 ? unrendered : {} }));
}

/** A mention without a window sees everything, whatever the others see. */
function withWindows({ windows, ...known }: Reference, other: Reference): Reference {
  if (!windows || !other.windows) return known;
  const keys = windows.map(windowKey);
  const added = other.windows.filter((window) => !keys.includes(windowKey(window)));
  return { ...known, windows: [...windows, ...added] };
}

/** One reference for each target: the first place it is named, with the windows of all. */
export function distinct(references: readonly Reference[]): readonly Reference[] {
  if (references.length < 2) return references;
  const seen = new Map<string, Reference>();
  for (const reference of references) {
    const key = `${reference.kind}:${reference.path.join('.')}`;
    const known = seen.get(key);
    seen.set(key, known ? withWindows(known, reference) : reference);
  }
  return [...seen.values()];
}
