import { checkYaml, readYaml, type YamlFile, type YamlPath } from '../config/read-yaml.ts';
import { collect, type VeloError } from '../core/errors.ts';
import type { ColumnInfo } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { ContextLayer } from '../jinja/context.ts';
import type { TestEntry } from '../nodes/generic-test.ts';
import type { NodeProperties } from '../nodes/node-kind.ts';
import type { ConfigLayer } from '../nodes/resolve-config.ts';
import {
  type ColumnEntry,
  type NodeEntry,
  type PropertiesFile,
  propertiesSchema,
  type SourceEntry,
  type SourceTableEntry,
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

/** One table of a source, with the settings of both levels, weakest first. */
export interface SourceTableProperties {
  readonly sourceName: string;
  readonly tableName: string;
  readonly schema: string;
  readonly identifier: string;
  readonly database: string | undefined;
  readonly path: string;
  readonly properties: NodeProperties;
  readonly layers: readonly ConfigLayer[];
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
  const reader = new EntryReader(yaml, errors);
  return { entries: reader.entries(value), sources: reader.sources(value.sources ?? []) };
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

/** Holds the file and the list of errors while its entries are read. */
class EntryReader {
  private readonly yaml: YamlFile;
  private readonly errors: VeloError[];

  constructor(yaml: YamlFile, errors: VeloError[]) {
    this.yaml = yaml;
    this.errors = errors;
  }

  entries(file: PropertiesFile): PropertiesEntry[] {
    const sections = ['models', 'seeds', 'data_tests', 'macros'] as const;
    return sections.flatMap((section) =>
      (file[section] ?? []).map((entry, index) => {
        const at: YamlPath = [section, index];
        return {
          section,
          name: entry.name,
          properties: this.properties(entry as NodeEntry, at, [this.layer(entry as NodeEntry, at)]),
          tests: this.tests(entry as NodeEntry, at),
        };
      }),
    );
  }

  sources(sources: readonly SourceEntry[]): SourceTableProperties[] {
    return sources.flatMap((source, index) =>
      (source.tables ?? []).map((table, tableIndex) =>
        this.sourceTable(source, ['sources', index], table, tableIndex),
      ),
    );
  }

  private sourceTable(
    source: SourceEntry,
    sourceAt: YamlPath,
    table: SourceTableEntry,
    index: number,
  ): SourceTableProperties {
    const at: YamlPath = [...sourceAt, 'tables', index];
    const layers = [this.layer(source, sourceAt), this.layer(table, at)];
    return {
      sourceName: source.name,
      tableName: table.name,
      schema: source.schema ?? source.name,
      identifier: table.identifier ?? table.name,
      database: source.database ?? undefined,
      path: this.yaml.file,
      properties: this.properties(table, at, layers),
      layers,
      tests: this.tests(table, at),
    };
  }

  private properties(
    entry: NodeEntry,
    at: YamlPath,
    layers: readonly ConfigLayer[],
  ): NodeProperties {
    return {
      description: entry.description ?? '',
      columns: (entry.columns ?? []).map(columnInfo),
      config: layers.at(-1) ?? { values: {}, spanOf: () => this.yaml.spanOf(at) },
      span: this.yaml.spanOf([...at, 'name']),
    };
  }

  /** `config:`, and the keys dbt also takes beside it. */
  private layer(
    entry: Pick<NodeEntry, 'config' | 'tags' | 'meta'> & {
      external_location?: string | null | undefined;
    },
    at: YamlPath,
  ): ConfigLayer {
    const beside = Object.fromEntries(
      (['tags', 'meta', 'external_location'] as const)
        .filter((key) => entry[key] !== undefined && entry[key] !== null)
        .map((key) => [key, entry[key]]),
    );
    const fromMeta = externalLocationOfMeta(entry);
    return {
      values: { ...fromMeta, ...beside, ...entry.config },
      spanOf: (key): Span => {
        if (entry.config && Object.hasOwn(entry.config, key))
          return this.yaml.spanOf([...at, 'config'], key);
        return Object.hasOwn(beside, key)
          ? this.yaml.spanOf(at, key)
          : this.yaml.spanOf([...at, 'meta'], key);
      },
    };
  }

  private tests(entry: NodeEntry, at: YamlPath): TestEntry[] {
    const own = this.testsOf(entry, at, undefined);
    const ofColumns = (entry.columns ?? []).flatMap((column, index) =>
      this.testsOf(column, [...at, 'columns', index], column.name),
    );
    return [...own, ...ofColumns];
  }

  private testsOf(
    entry: Pick<NodeEntry, 'tests' | 'data_tests'>,
    at: YamlPath,
    column: string | undefined,
  ): TestEntry[] {
    return (['data_tests', 'tests'] as const).flatMap((key) =>
      (entry[key] ?? []).flatMap((test: TestEntryYaml, index) => {
        const read = () => testEntry(test, this.yaml, [...at, key, index], column);
        return collect(this.errors, read) ?? [];
      }),
    );
  }
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
