import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import { issueText } from '../core/schema-issue.ts';
import type { Span } from '../core/span.ts';

/** Settings from one place: the project file, a YAML file, a config() call. */
export interface ConfigLayer {
  readonly values: Readonly<Record<string, unknown>>;
  /** Settings as they were written, templates and all, under the keys they were written with; `values` when absent. */
  readonly unrendered?: Readonly<Record<string, unknown>> | undefined;
  /** True: the same object for every node of its place, so that what comes of it can be kept. */
  readonly isShared?: boolean;
  spanOf(key: string): Span;
}

/** What to do with settings the kind does not know: an error, or kept as they are with a word about it. */
export type UnknownConfig = 'refuse' | ((message: string, span: Span) => void);

/** A config out of layers. */
export interface ResolvedConfig<T> {
  readonly config: T;
  readonly unrendered: Readonly<Record<string, unknown>>;
}

type Values = Record<string, unknown>;

/**
 * One config out of layers, weakest first, each key by dbt's rule: tags, hooks and packages add up, meta and the like
 * merge, grants add with a '+', all else is replaced.
 * @throws VeloErrors: 'unknown-config' for each key the kind does not know, 'invalid-config' for each bad value
 */
export function resolveConfig<S extends z.ZodObject>(
  schema: S,
  layers: readonly ConfigLayer[],
  unknown: UnknownConfig = 'refuse',
): ResolvedConfig<z.output<S>> {
  const told = layers.filter(hasValues);
  const place = told.every(({ isShared }) => isShared) ? placeOf(schema, told) : undefined;
  if (place?.resolved) return place.resolved as ResolvedConfig<z.output<S>>;
  let isSilent = true;
  const noteUnknown: UnknownConfig =
    unknown === 'refuse'
      ? unknown
      : (message, span) => {
          isSilent = false;
          unknown(message, span);
        };
  const resolved = resolveLayers(schema, told, noteUnknown);
  // What is warned of is warned of for every node.
  if (place && isSilent) place.resolved = resolved;
  return resolved;
}

const hasValues = ({ values }: ConfigLayer): boolean => hasKeys(values);

const hasKeys = (values: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(values).length > 0;

/** What came of a list of shared layers: a path of layers leads to it. */
interface Place {
  readonly next: WeakMap<ConfigLayer, Place>;
  resolved?: ResolvedConfig<unknown>;
}

const places = new WeakMap<z.ZodObject, Place>();

function placeOf(schema: z.ZodObject, layers: readonly ConfigLayer[]): Place {
  let place = places.get(schema) ?? { next: new WeakMap<ConfigLayer, Place>() };
  places.set(schema, place);
  for (const layer of layers) {
    const next = place.next.get(layer) ?? { next: new WeakMap<ConfigLayer, Place>() };
    place.next.set(layer, next);
    place = next;
  }
  return place;
}

function resolveLayers<S extends z.ZodObject>(
  schema: S,
  layers: readonly ConfigLayer[],
  unknown: UnknownConfig,
): ResolvedConfig<z.output<S>> {
  const errors: VeloError[] = [];
  const merged: Values = {};
  const extra: Values = {};
  const unrendered: Values = {};
  for (const layer of layers) {
    addUnrendered(unrendered, layer.unrendered ?? layer.values);
    for (const [written, value] of Object.entries(layer.values)) {
      const key = canonicalKey(written);
      const fault = faultOf(schema, key, value, () => layer.spanOf(written), unknown);
      if (fault) errors.push(fault);
      else if (Object.hasOwn(schema.shape, key)) merged[key] = merge(key, merged[key], value);
      else extra[key] = value;
    }
  }
  if (errors.length > 0) throw new VeloErrors(errors);
  const config = parseOnce(schema, merged);
  return { config: hasKeys(extra) ? { ...config, ...extra } : config, unrendered };
}

function addUnrendered(unrendered: Values, written: ConfigLayer['values']): void {
  for (const [key, raw] of Object.entries(written)) {
    const merges = key === 'meta' && typeof raw === 'object';
    unrendered[key] = merges ? { ...asRecord(unrendered[key]), ...raw } : raw;
  }
}

/** Nodes of a folder mostly share their settings: each combination is checked and kept once. */
const parsed = new WeakMap<z.ZodObject, Map<string, unknown>>();

function parseOnce<S extends z.ZodObject>(schema: S, values: Values): z.output<S> {
  const known = parsed.get(schema) ?? new Map<string, unknown>();
  parsed.set(schema, known);
  const key = JSON.stringify(values);
  const config = known.get(key) ?? Object.freeze(schema.parse(values));
  known.set(key, config);
  return config as z.output<S>;
}

/** dbt takes `pre_hook` in a call, where a '-' cannot stand, and `pre-hook` elsewhere. */
const canonicalKey = (key: string): string =>
  key === 'pre_hook' || key === 'post_hook' ? key.replace('_', '-') : key;

function faultOf(
  schema: z.ZodObject,
  key: string,
  value: unknown,
  spanOf: () => Span,
  unknown: UnknownConfig,
): ProjectError | undefined {
  const type = Object.hasOwn(schema.shape, key) ? (schema.shape[key] as z.ZodType) : undefined;
  if (!type) return unknownKey(key, Object.keys(schema.shape), spanOf(), unknown);
  if (isPlain(type, value)) return undefined;
  const result = type.safeParse(value, { reportInput: true });
  if (result.success) return undefined;
  const reasons = result.error.issues.map(issueText).join('; ');
  return new ProjectError('invalid-config', `config '${key}' ${reasons}`, { span: spanOf() });
}

/** Checked values by type: most settings of a project are the same few. */
const checked = new WeakMap<z.ZodType, Set<unknown>>();

function isPlain(type: z.ZodType, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return false;
  const known = checked.get(type) ?? new Set<unknown>();
  checked.set(type, known);
  if (known.has(value)) return true;
  if (!type.safeParse(value).success) return false;
  known.add(value);
  return true;
}

function unknownKey(
  key: string,
  known: readonly string[],
  span: Span,
  unknown: UnknownConfig,
): ProjectError | undefined {
  const near = didYouMean(key, known);
  if (unknown !== 'refuse') {
    const place = `${span.file}:${span.line}`;
    unknown(`unknown config '${key}' in ${place}${near ? `: ${near}` : ''}`, span);
    return undefined;
  }
  return new ProjectError('unknown-config', `unknown config '${key}'`, {
    span,
    hint: near ?? `put settings of your own under meta; known: ${known.join(', ')}`,
  });
}

const asList = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

const asRecord = (value: unknown): Values => (value ?? {}) as Values;

type Merge = (weaker: unknown, stronger: unknown) => unknown;

const addUp: Merge = (weaker, stronger) => [...asList(weaker), ...asList(stronger)];
const mergeKeys: Merge = (weaker, stronger) => ({ ...asRecord(weaker), ...asRecord(stronger) });

/** `+select: [...]` adds to the grantees there are, `select: [...]` takes their place. */
const mergeGrants: Merge = (weaker, stronger) => {
  const merged = { ...asRecord(weaker) };
  for (const [written, grantees] of Object.entries(asRecord(stronger))) {
    const key = written.replace(/^\+/, '');
    merged[key] = written === key ? asList(grantees) : addUp(merged[key], grantees);
  }
  return merged;
};

const MERGES: Readonly<Record<string, Merge>> = {
  tags: (weaker, stronger) => [...new Set(addUp(weaker, stronger) as unknown[])],
  'pre-hook': addUp,
  'post-hook': addUp,
  packages: addUp,
  meta: mergeKeys,
  docs: mergeKeys,
  persist_docs: mergeKeys,
  column_types: mergeKeys,
  quoting: mergeKeys,
  grants: mergeGrants,
};

const merge = (key: string, weaker: unknown, stronger: unknown): unknown => {
  const rule = Object.hasOwn(MERGES, key) ? MERGES[key] : undefined;
  return rule ? rule(weaker, stronger) : stronger;
};
