import type { YamlFile, YamlPath } from '../config/read-yaml.ts';
import { ProjectError } from '../core/errors.ts';
import type { TestEntry } from '../nodes/generic-test.ts';
import type { TestEntryYaml } from './properties-schema.ts';
import type { PropertiesSource } from './read-properties.ts';

/** Config keys dbt takes beside the arguments of a test, from before `config:` was the place for them. */
const LEGACY_CONFIG = [
  'severity',
  'where',
  'limit',
  'error_if',
  'warn_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'tags',
  'enabled',
  'meta',
];

/** Reads one entry of `data_tests:`; `at` is its place in the file. @throws ProjectError */
export function testEntry(
  entry: TestEntryYaml,
  { yaml, noteOld }: Pick<PropertiesSource, 'yaml' | 'noteOld'>,
  at: YamlPath,
  { column, path, columnTags }: Pick<TestEntry, 'column' | 'path' | 'columnTags'>,
): TestEntry {
  const span = yaml.spanOf(at);
  if (typeof entry === 'string') {
    const config = { values: {}, spanOf: () => span };
    const named = { testName: entry, name: undefined, description: '' };
    return { ...named, args: {}, column, columnTags, config, path, span };
  }
  const [testName, body, bodyAt] = namedBody(entry, yaml, at);
  const { name, description, arguments: listed, config: configured, ...rest } = body;
  const legacy = Object.entries(rest).filter(([key]) => LEGACY_CONFIG.includes(key));
  const inline = Object.entries(rest).filter(([key]) => !LEGACY_CONFIG.includes(key));
  if (inline.length > 0) noteOld({ test: testName, owner: ownerOf(yaml, at) }, span);
  const configValues = asObject(configured, yaml, [...bodyAt, 'config']);
  return {
    testName,
    name: name === undefined || name === null ? undefined : String(name),
    description: typeof description === 'string' ? description : '',
    args: { ...Object.fromEntries(inline), ...asObject(listed, yaml, [...bodyAt, 'arguments']) },
    column,
    columnTags,
    path,
    config: {
      values: { ...Object.fromEntries(legacy), ...configValues },
      spanOf: (key) =>
        Object.hasOwn(configValues, key)
          ? yaml.spanOf([...bodyAt, 'config'], key)
          : yaml.spanOf(bodyAt, key),
    },
    span,
  };
}

/** The name of what a test is listed under: of the model, not of its column. */
function ownerOf({ value }: YamlFile, [section = '', index = 0]: YamlPath): string {
  const entries = (value as Readonly<Record<string, readonly { readonly name?: unknown }[]>>)[
    section
  ];
  return String(entries?.[Number(index)]?.name ?? '');
}

type Body = Readonly<Record<string, unknown>>;

/** `- unique: {…}`, or dbt's other form `- test_name: unique` with the rest beside it. */
function namedBody(
  entry: Readonly<Record<string, unknown>>,
  yaml: YamlFile,
  at: YamlPath,
): [testName: string, body: Body, at: YamlPath] {
  const { test_name: testName, ...rest } = entry;
  if (typeof testName === 'string') return [testName, rest, at];
  const keys = Object.keys(entry);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new ProjectError(
      'yaml-schema',
      `a test entry has one key, its test; this one has ${keys.length}`,
      {
        span: yaml.spanOf(at),
        hint: keys.length > 1 ? `indent what belongs under '${key}'` : '',
      },
    );
  }
  return [key, asObject(entry[key], yaml, [...at, key]), [...at, key]];
}

function asObject(value: unknown, yaml: YamlFile, at: YamlPath): Body {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Body;
  throw new ProjectError('yaml-schema', `${at.at(-1)}: expected a mapping`, {
    span: yaml.spanOf(at),
  });
}
