import type { z } from 'zod';
import { checkYaml, type YamlFile } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';
import type { Unread } from './unread.ts';

/** Where what is found goes. */
interface Notes {
  readonly errors: VeloError[];
  /** Gets the words of what is left out. */
  readonly unread: Unread;
}

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;
type Values = Readonly<Record<string, unknown>>;

/** Takes out of a value what an issue is about. */
type Cut = (value: unknown, issue: Issue, unread: Unread) => unknown;

/**
 * The value of a properties file, typed; what the schema refuses is left out, so that one fault does not hide the
 * rest of the file: first keys, then all of an entry but its name, then sections. Places in lists stay as they are.
 * All faults go to `errors`. Undefined when nothing can be kept.
 */
export function salvage<S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlFile,
  { errors, unread }: Notes,
): z.output<S> | undefined {
  const checked = collect(errors, () => checkYaml(schema, value, yaml));
  if (checked !== undefined) return checked;
  let rest = value;
  for (const cut of CUTS) {
    const { error } = schema.safeParse(rest);
    for (const issue of error?.issues ?? []) rest = cut(rest, issue, unread);
    const parsed = schema.safeParse(rest);
    if (parsed.success) return parsed.data;
  }
  unread.add(yaml.text);
  return undefined;
}

/** Unknown keys, or the nearest key around a bad value; a whole section or entry is too much. */
const cutKeys: Cut = (value, { path, ...issue }, unread) => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.reduce((rest, key) => without(rest, [...path, key], unread), value);
  }
  const last = path.findLastIndex((part) => typeof part === 'string');
  return last < 2 ? value : without(value, path.slice(0, last + 1), unread);
};

const cutEntries: Cut = (value, { path: [section, index] }, unread) => {
  if (typeof section !== 'string' || typeof index !== 'number') return value;
  const entries = [...((value as Values)[section] as readonly unknown[])];
  const { name } = (entries[index] ?? {}) as { readonly name?: unknown };
  unread.add(`${UNNAMED} ${JSON.stringify(entries[index])}`);
  entries[index] = { name: typeof name === 'string' ? name : UNNAMED };
  return { ...(value as Values), [section]: entries };
};

/** Stands for an entry whose name cannot be read. */
const UNNAMED = '__unnamed__';

const cutSections: Cut = (value, { path }, unread) =>
  path.length === 0 ? value : without(value, path.slice(0, 1), unread);

const CUTS = [cutKeys, cutEntries, cutSections];

/** A copy without the key at the end of `path`. */
function without(value: unknown, [head, ...rest]: Path, unread: Unread): unknown {
  if (head === undefined || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value.map((one, index) => (index === head ? without(one, rest, unread) : one));
  }
  const entries = Object.entries(value).flatMap(([key, one]) => {
    if (key !== head) return [[key, one] as const];
    if (rest.length > 0) return [[key, without(one, rest, unread)] as const];
    unread.add(JSON.stringify(one) ?? '');
    return [];
  });
  return Object.fromEntries(entries);
}
