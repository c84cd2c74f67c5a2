import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import { issueText } from '../core/schema-issue.ts';
import { simpleFile } from './yaml/simple-places.ts';
import { readSimpleYaml } from './yaml/simple-yaml.ts';
import { readWholeYaml } from './yaml/whole-yaml.ts';
import type { YamlFile, YamlPath } from './yaml/yaml-file.ts';

export type { YamlFile, YamlPath };

/** Parses YAML 1.2. @throws VeloErrors of code 'yaml-syntax', one for each fault */
export function readYaml(file: string, text: string): YamlFile {
  const simple = readSimpleYaml(text);
  return simple ? simpleFile(file, simple) : readWholeYaml(file, text);
}

/**
 * Checks a value of `yaml` against a schema and returns it typed.
 * Unknown keys become 'unknown-key' with the nearest known one as a hint, all else 'yaml-schema', in the order of lines.
 * @param at where `value` stands in the file
 */
export function checkYaml<S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlFile,
  at: YamlPath = [],
): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => issueErrors(issue, schema, yaml, at));
  throw new VeloErrors(errors.sort((a, b) => lineOf(a) - lineOf(b)));
}

const lineOf = ({ span }: VeloError): number => span?.line ?? 0;

type Issue = z.core.$ZodIssue;

function issueErrors(issue: Issue, schema: z.ZodType, yaml: YamlFile, at: YamlPath): VeloError[] {
  const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, inner);
    return issue.keys.map(
      (key) =>
        new ProjectError('unknown-key', `unknown key '${key}'${under([...at, ...inner], yaml)}`, {
          span: yaml.spanOf([...at, ...inner], key),
          hint: didYouMean(key, known) ?? `known keys: ${known.join(', ')}`,
        }),
    );
  }
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue.errors);
    if (branch) {
      return branch.flatMap((nested) =>
        issueErrors({ ...nested, path: [...issue.path, ...nested.path] }, schema, yaml, at),
      );
    }
  }
  const where = [...at, ...inner];
  const name = where.length > 0 ? pathText(where, yaml) : 'the file';
  const message = `${name} ${issueText(issue)}`;
  const key = where.at(-1);
  // The value of a key may begin on the next line.
  const isOfKey = issue.code === 'custom' && issue.params?.['at'] === 'key';
  const span = isOfKey ? yaml.spanOf(where.slice(0, -1), String(key)) : yaml.spanOf(where);
  return [new ProjectError('yaml-schema', message, { span })];
}

/** Of a union's failed branches the one that got furthest into the value: its faults are the ones meant. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]) =>
    Math.max(
      ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)),
    );
  const best = [...branches].sort((a, b) => depth(b) - depth(a))[0];
  return best && depth(best) > 0 ? best : undefined;
}

const under = (path: YamlPath, yaml: YamlFile): string =>
  path.length > 0 ? ` under ${pathText(path, yaml)}` : '';

/** A path with the names of list entries that have one: `models.orders.columns.id`, else their number from 1. */
function pathText(path: YamlPath, { value }: YamlFile): string {
  let at: unknown = value;
  const parts = path.map((part) => {
    at = (at as Readonly<Record<string | number, unknown>> | null | undefined)?.[part];
    if (typeof part === 'string') return part;
    const name = (at as { readonly name?: unknown } | null | undefined)?.name;
    return typeof name === 'string' ? name : `#${part + 1}`;
  });
  return parts.join('.');
}

interface SchemaDefinition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly catchall?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** The keys a schema allows at `path`, through optionals, arrays, records and unions. */
function knownKeys(schema: z.ZodType, path: YamlPath): string[] {
  const definition = schema._zod.def as unknown as SchemaDefinition;
  if (definition.innerType) return knownKeys(definition.innerType, path);
  if (definition.options) return definition.options.flatMap((option) => knownKeys(option, path));
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(definition.shape ?? {});
  const next =
    definition.element ?? definition.valueType ?? definition.shape?.[head] ?? definition.catchall;
  return next ? knownKeys(next, rest) : [];
}
