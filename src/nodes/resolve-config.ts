import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import { issueText } from '../core/schema-issue.ts';
import type { Span } from '../core/span.ts';

/** Settings from one place: the project file, a YAML file, a config() call. */
export interface ConfigLayer {
  readonly values: Readonly<Record<string, unknown>>;
  spanOf(key: string): Span;
}

/**
 * One config out of layers, weakest first: tags add up, meta merges, all else is replaced.
 * @throws VeloErrors: 'unknown-config' for each key the kind does not know, 'invalid-config' for each bad value
 */
export function resolveConfig<S extends z.ZodObject>(
  schema: S,
  layers: readonly ConfigLayer[],
): z.output<S> {
  const errors: VeloError[] = [];
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer.values)) {
      const fault = faultOf(schema, key, value, layer);
      if (fault) errors.push(fault);
      else merged[key] = merge(key, merged[key], value);
    }
  }
  if (errors.length > 0) throw new VeloErrors(errors);
  return schema.parse(merged);
}

function faultOf(
  schema: z.ZodObject,
  key: string,
  value: unknown,
  layer: ConfigLayer,
): ProjectError | undefined {
  const type = Object.hasOwn(schema.shape, key) ? (schema.shape[key] as z.ZodType) : undefined;
  if (!type) {
    const known = Object.keys(schema.shape);
    return new ProjectError('unknown-config', `unknown config '${key}'`, {
      span: layer.spanOf(key),
      hint:
        didYouMean(key, known) ?? `put settings of your own under meta; known: ${known.join(', ')}`,
    });
  }
  const parsed = type.safeParse(value, { reportInput: true });
  if (parsed.success) return undefined;
  const reasons = parsed.error.issues.map(issueText).join('; ');
  return new ProjectError('invalid-config', `config '${key}' ${reasons}`, {
    span: layer.spanOf(key),
  });
}

const asList = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

function merge(key: string, weaker: unknown, stronger: unknown): unknown {
  if (key === 'tags') return [...new Set([...asList(weaker), ...asList(stronger)])];
  if (key === 'meta') return { ...(weaker as object | undefined), ...(stronger as object | null) };
  return stronger;
}
