import { checkYaml, readYaml, type YamlFile, type YamlPath } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';
import type { ColumnInfo } from '../core/node.ts';
import type { ContextLayer } from '../jinja/context.ts';
import type { TestEntry } from '../nodes/generic-test.ts';
import type { NodeProperties } from '../nodes/node-kind.ts';
import type { ConfigLayer } from '../nodes/resolve-config.ts';
import type { SourceTable } from '../nodes/source.ts';
import {
  type ColumnEntry,
  type NodeEntry,
  type PropertiesFile,
  propertiesSchema,
  type SourceEntry,
  type TestEntryYaml,
} from './properties-schema.ts';
import { renderYamlValue } from './render-yaml.ts';
import { testEntry } from './test-entries.ts';

/** What one properties file says of one named thing. */
export interface PropertiesEntry {
  readonly section: 'models' | 'seeds' | 'data_tests' | 'macros';
  readonly name: string;
  readonly properties: NodeProperties;
  readonly tests: readonly TestEntry[];
}

/** One table of a source, with its tests. */
interface SourceTableProperties extends SourceTable {
  readonly tests: readonly TestEntry[];
}

export interface Properties {
  readonly entries: readonly PropertiesEntry[];
  readonly sources: readonly SourceTableProperties[];
}

/** Reads a properties file; its faults go to `errors`, all of them. */
export function readProperties(
  file: string,
  text: string,
  names: ContextLayer,
  errors: VeloError[],
): Properties {
  const empty: Properties = { entries: [], sources: [] };
  const yaml = collect(errors, () => readYaml(file, text));
  if (!yaml || yaml.value === null) return empty;
  const value = collect(errors, () =>
    checkYaml(propertiesSchema, renderConfigs(yaml, names, errors), yaml),
  );
  if (!value) return empty;
  const reading: Reading = { yaml, errors };
  return {
    entries: readEntries(value, reading),
    sources: readSources(value.sources ?? [], reading),
  };
}

/** Only settings are rendered: descriptions and test arguments have their own time. */
function renderConfigs(yaml: YamlFile, names: ContextLayer, errors: VeloError[]): unknown {
  const visit = (value: unknown, at: YamlPath): unknown => {
    const key = at.at(-1);
    if (key === 'description' || key === 'data_tests' || key === 'tests') return value;
    if (Array.isArray(value)) return value.map((one, index) => visit(one, [...at, index]));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([inner, one]) => [inner, visit(one, [...at, inner])]),
      );
    }
    return collect(errors, () => renderYamlValue(value, yaml, at, names));
  };
  return visit(yaml.value, []);
}

/** A file while its entries are read. */
interface Reading {
  readonly yaml: YamlFile;
  readonly errors: VeloError[];
}

function readEntries(file: PropertiesFile, reading: Reading): PropertiesEntry[] {
  const sections = ['models', 'seeds', 'data_tests', 'macros'] as const;
  return sections.flatMap((section) =>
    (file[section] ?? []).map((entry: NodeEntry, index) => {
      const at: YamlPath = [section, index];
      return {
        section,
        name: entry.name,
        properties: nodeProperties(entry, at, configLayer(entry, at, reading), reading),
        tests: testsOfNode(entry, at, reading),
      };
    }),
  );
}

function readSources(sources: readonly SourceEntry[], reading: Reading): SourceTableProperties[] {
  return sources.flatMap((source, index) =>
    (source.tables ?? []).map((table, tableIndex) => {
      const sourceAt: YamlPath = ['sources', index];
      const at: YamlPath = [...sourceAt, 'tables', tableIndex];
      const own = configLayer(table, at, reading);
      return {
        sourceName: source.name,
        tableName: table.name,
        schema: source.schema ?? source.name,
        identifier: table.identifier ?? table.name,
        database: source.database ?? undefined,
        path: reading.yaml.file,
        properties: nodeProperties(table, at, own, reading),
        layers: [configLayer(source, sourceAt, reading), own],
        tests: testsOfNode(table, at, reading),
      };
    }),
  );
}

const nodeProperties = (
  entry: NodeEntry,
  at: YamlPath,
  config: ConfigLayer,
  { yaml }: Reading,
): NodeProperties => ({
  description: entry.description ?? '',
  columns: (entry.columns ?? []).map(columnInfo),
  config,
  span: yaml.spanOf([...at, 'name']),
});

/** Keys that dbt takes beside `config:` as well as in it. */
const BESIDE = ['tags', 'meta', 'external_location'] as const;

type Configured = Pick<NodeEntry, 'config' | 'tags' | 'meta'> & {
  readonly external_location?: string | null | undefined;
};

function configLayer(entry: Configured, at: YamlPath, { yaml }: Reading): ConfigLayer {
  const written = BESIDE.filter((key) => entry[key] !== undefined && entry[key] !== null);
  const beside = Object.fromEntries(written.map((key) => [key, entry[key]]));
  return {
    values: { ...externalLocationOfMeta(entry), ...beside, ...entry.config },
    spanOf(key) {
      if (entry.config && Object.hasOwn(entry.config, key)) {
        return yaml.spanOf([...at, 'config'], key);
      }
      return yaml.spanOf(Object.hasOwn(beside, key) ? at : [...at, 'meta'], key);
    },
  };
}

function testsOfNode(entry: NodeEntry, at: YamlPath, reading: Reading): TestEntry[] {
  const ofColumns = (entry.columns ?? []).flatMap((column, index) =>
    readTests(column, [...at, 'columns', index], column.name, reading),
  );
  return [...readTests(entry, at, undefined, reading), ...ofColumns];
}

function readTests(
  entry: Pick<NodeEntry, 'tests' | 'data_tests'>,
  at: YamlPath,
  column: string | undefined,
  { yaml, errors }: Reading,
): TestEntry[] {
  return (['data_tests', 'tests'] as const).flatMap((key) =>
    (entry[key] ?? []).flatMap((test: TestEntryYaml, index) => {
      const read = () => testEntry(test, yaml, [...at, key, index], column);
      return collect(errors, read) ?? [];
    }),
  );
}

/** dbt-duckdb's place for it. */
function externalLocationOfMeta({ meta }: Pick<NodeEntry, 'meta'>): Record<string, unknown> {
  const location = meta?.['external_location'];
  return typeof location === 'string' ? { external_location: location } : {};
}

const columnInfo = (column: ColumnEntry): ColumnInfo => ({
  name: column.name,
  description: column.description ?? '',
  dataType: column.data_type ?? undefined,
  tags: typeof column.tags === 'string' ? [column.tags] : (column.tags ?? []),
  meta: column.meta ?? {},
});
