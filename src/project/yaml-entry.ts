import type { YamlPath } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';
import type { TestEntry } from '../nodes/generic-test.ts';
import type { Described, NodeProperties, YamlEntry } from '../nodes/node-kind.ts';
import type { ConfigLayer } from '../nodes/resolve-config.ts';
import { columnInfo, columnTags } from './column-info.ts';
import type { ColumnEntry, NodeEntry } from './properties-schema.ts';
import type { PropertiesSource } from './read-properties.ts';
import { testEntry } from './test-entries.ts';

/** Fills in the docs blocks of a description. */
export type Describe = (
  text: string | null | undefined,
  source: PropertiesSource,
  at: YamlPath,
) => Described;

type Values = Readonly<Record<string, unknown>>;

/** Keys that dbt takes beside `config:` as well as in it. */
const BESIDE = [
  'tags',
  'meta',
  'group',
  'access',
  'docs',
  'contract',
  'external_location',
  'freshness',
  'loaded_at_field',
  'loaded_at_query',
  'quote_columns',
] as const;

/** An entry of a properties file, `at` its place there. */
export function yamlEntry(
  source: PropertiesSource,
  at: YamlPath,
  describe: Describe,
  errors: VeloError[],
): YamlEntry {
  const value = valueAt(source.value, at) as Values;
  return {
    value,
    raw: valueAt(source.yaml.value, at) as Values,
    path: source.path,
    fileText: source.yaml.text,
    folders: source.folders,
    get described() {
      return describe(value['description'] as string | null, source, [...at, 'description']);
    },
    spanOf: (path, key) => source.yaml.spanOf([...at, ...path], key),
    propertiesAt: (path) => nodeProperties(source, [...at, ...path], describe, errors),
    configAt: (path) => configLayer(source, [...at, ...path]),
  };
}

const valueAt = (value: unknown, at: YamlPath): unknown =>
  at.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

/** What an entry says of a node. */
export function nodeProperties(
  source: PropertiesSource,
  at: YamlPath,
  describe: Describe,
  errors: VeloError[],
): NodeProperties {
  const entry = valueAt(source.value, at) as NodeEntry;
  return {
    name: entry.name,
    ...describe(entry.description, source, [...at, 'description']),
    columns: (entry.columns ?? []).map((column, index) =>
      columnInfo(column, describe(column.description, source, [...at, 'columns', index])),
    ),
    config: configLayer(source, at),
    tests: testsOf(entry, source, at, errors),
    path: source.path,
    span: source.yaml.spanOf([...at, 'name']),
    entry,
  };
}

/** Settings of an entry. dbt-duckdb's place for files of a source is its meta. */
export function configLayer(source: PropertiesSource, at: YamlPath): ConfigLayer {
  const values = settingsOf(valueAt(source.value, at) as Values);
  return {
    values,
    unrendered: settingsOf(valueAt(source.yaml.value, at) as Values),
    spanOf(key) {
      const { config, [key]: beside } = valueAt(source.value, at) as Values;
      if (config && Object.hasOwn(config, key)) return source.yaml.spanOf([...at, 'config'], key);
      return source.yaml.spanOf(beside === undefined ? [...at, 'meta'] : at, key);
    },
  };
}

function settingsOf(entry: Values): Values {
  const written = BESIDE.filter((key) => entry[key] !== undefined && entry[key] !== null);
  if (written.length === 0) return (entry['config'] as Values | null | undefined) ?? {};
  const meta = entry['meta'] as Values | null | undefined;
  const location = meta?.['external_location'];
  return {
    ...(typeof location === 'string' ? { external_location: location } : {}),
    ...Object.fromEntries(written.map((key) => [key, entry[key]])),
    ...(entry['config'] as Values | null | undefined),
  };
}

/** Tests of an entry and of its columns. */
export function testsOf(
  entry: Pick<NodeEntry, 'columns' | 'tests' | 'data_tests'>,
  source: PropertiesSource,
  at: YamlPath,
  errors: VeloError[],
): TestEntry[] {
  const tests = readTests(entry, source, at, NO_COLUMN, errors);
  for (const [index, column] of (entry.columns ?? []).entries()) {
    const tags = columnTags(column);
    const place = [...at, 'columns', index];
    tests.push(...readTests(column, source, place, { column: column.name, tags }, errors));
  }
  return tests;
}

const NO_COLUMN = { column: undefined, tags: [] };

function readTests(
  entry: Pick<ColumnEntry, 'tests' | 'data_tests'>,
  source: PropertiesSource,
  at: YamlPath,
  { column, tags }: { readonly column: string | undefined; readonly tags: readonly string[] },
  errors: VeloError[],
): TestEntry[] {
  const { yaml, path } = source;
  const key = entry.data_tests ? 'data_tests' : 'tests';
  if (entry.tests) source.noteOld('tests', yaml.spanOf(at, 'tests'));
  return (entry[key] ?? []).flatMap(
    (test, index) =>
      collect(errors, () =>
        testEntry(test, source, [...at, key, index], { column, path, columnTags: tags }),
      ) ?? [],
  );
}
