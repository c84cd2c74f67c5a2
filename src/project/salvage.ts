import type { z } from 'zod';
import { checkYaml, type YamlFile } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';

/** What could be kept of a value. */
export interface Salvaged<T> {
  readonly value: T | undefined;
  /** False: something was left out. */
  readonly isWhole: boolean;
}

type Path = readonly PropertyKey[];
type Values = Readonly<Record<string, unknown>>;

/**
 * The value of a properties file, typed; what the schema refuses is left out, so that one fault does not hide the
 * rest of the file: first keys, then all of an entry but its name, then sections. Places in lists stay as they are.
 * All faults go to `errors`.
 */
export function salvage<S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlFile,
  errors: VeloError[],
): Salvaged<z.output<S>> {
  const checked = collect(errors, () => checkYaml(schema, value, yaml));
  if (checked !== undefined) return { value: checked, isWhole: true };
  let rest = value;
  for (const cut of [withoutKeys, withNamesAlone, withoutSections]) {
    const { error } = schema.safeParse(rest);
    rest = (error?.issues ?? []).reduce<unknown>(cut, rest);
    const parsed = schema.safeParse(rest);
    if (parsed.success) return { value: parsed.data, isWhole: false };
  }
  return { value: undefined, isWhole: false };
}

/** Without the unknown keys, or without the nearest key around a bad value; `section` and `section.0` are too much. */
function withoutKeys(value: unknown, { path, ...issue }: z.core.$ZodIssue): unknown {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.reduce((rest, key) => without(rest, [...path, key]), value);
  }
  const last = path.findLastIndex((part) => typeof part === 'string');
  return last < 2 ? value : without(value, path.slice(0, last + 1));
}

function withNamesAlone(value: unknown, { path }: z.core.$ZodIssue): unknown {
  const [section, index] = path;
  if (typeof section !== 'string' || typeof index !== 'number') return value;
  const entries = [...((value as Values)[section] as readonly unknown[])];
  const { name } = (entries[index] ?? {}) as { readonly name?: unknown };
  entries[index] = { name: typeof name === 'string' ? name : UNNAMED };
  return { ...(value as Values), [section]: entries };
}

/** Stands for an entry whose name cannot be read. */
export const UNNAMED = '__unnamed__';

const withoutSections = (value: unknown, { path }: z.core.$ZodIssue): unknown =>
  path.length === 0 ? value : without(value, path.slice(0, 1));

/** A copy without the key at the end of `path`. */
function without(value: unknown, [head, ...rest]: Path): unknown {
  if (head === undefined || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value.map((one, index) => (index === head ? without(one, rest) : one));
  }
  const entries = Object.entries(value).flatMap(([key, one]) => {
    if (key !== head) return [[key, one] as const];
    return rest.length === 0 ? [] : [[key, without(one, rest)] as const];
  });
  return Object.fromEntries(entries);
}
