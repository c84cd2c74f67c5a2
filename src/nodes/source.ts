import type { FileFormat } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { archivesOf, PACKED_ENDINGS, unpackedPattern } from './archives.ts';
import { baseNode } from './base-node.ts';
import { type SourceConfig, sourceConfig } from './config-schemas.ts';
import type { ParseContext, ParsedNode, ProjectFolders, YamlEntry, YamlKind } from './node-kind.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { listFiles } from './source-files.ts';
import { freshnessLayer } from './source-freshness.ts';
import type { SourceDetail } from './source-text.ts';

type Values = Readonly<Record<string, unknown>>;
type Types = Readonly<Record<string, string>>;

/** Tables and files made by others: one node for each table. */
export const source: YamlKind = {
  name: 'source',
  section: 'sources',
  trees: ['sources'],
  parse(entry, context) {
    const tables = (entry.value['tables'] as readonly Values[] | null | undefined) ?? [];
    return tables.map((_, index) => tableNode(entry, ['tables', index], context));
  },
};

/** Files a table stands for are listed now: their sizes and times are its fingerprint. */
function tableNode(
  entry: YamlEntry,
  at: readonly ['tables', number],
  context: ParseContext,
): ParsedNode {
  const declared = entry.value;
  const table = (declared['tables'] as readonly Values[])[at[1]] as Values;
  const [sourceName, tableName] = [String(declared['name']), String(table['name'])];
  const properties = entry.propertiesAt(at);
  const fqn = [context.packageName, ...entry.folders, sourceName, tableName];
  const project = context.projectConfig(fqn);
  const freshness = freshnessLayer(inherited(entry), properties.config);
  const layers = [
    ...project.own,
    inherited(entry),
    properties.config,
    ...(freshness ? [freshness] : []),
    ...project.root,
  ];
  const { config, unrendered } = resolveConfig(sourceConfig, layers, context.unknownConfig);
  const spanOf = (key: string) => spanOfKey(layers, key) ?? properties.span;
  const { external, states } = filesOf(config, context.folders, spanOf);
  const detail: SourceDetail = { external };
  const node: Node = {
    ...baseNode({
      kind: 'source',
      name: tableName,
      idParts: [sourceName, tableName],
      path: entry.path,
      span: spanOf('external_location'),
      fqn,
      context,
      described: properties,
      columns: properties.columns,
      config,
      unrendered,
      references: [],
      relation: {
        ...databaseOf(declared, context),
        schema: String(declared['schema'] ?? sourceName),
        name: String(table['identifier'] ?? tableName),
      },
      volatile: typeof config.external_location !== 'string',
      fingerprint: {
        files: hashOf(states ?? table['identifier'] ?? tableName),
        config: hashOf([
          config.external_location ?? '',
          config.event_time ?? '',
          ...(config.format ? [config.format] : []),
          ...typesText(config.column_types ?? {}),
        ]),
      },
      propertiesPath: entry.path,
      extra: sourceExtra(entry, table, config),
    }),
    eventTime: config.event_time ?? undefined,
    detail,
  };
  return { node, enabled: config.enabled, tests: properties.tests };
}

/** The files of a table that stands for some, and their states; of a disabled one nothing is listed. @throws ProjectError */
function filesOf(config: SourceConfig, folders: ProjectFolders, spanOf: (key: string) => Span) {
  const { external_location: location, column_types: columnTypes = {} } = config;
  // null: the table itself, this time. What is told of the files waits until they are read again.
  if (!config.enabled || location === null) return { external: undefined };
  const format =
    location === undefined
      ? undefined
      : (config.format ?? formatOf(location, spanOf('external_location')));
  checkTypes(columnTypes, format, spanOf('column_types'));
  if (location === undefined || format === undefined) return { external: undefined };
  const { pattern, states } = listFiles(location, folders.projectDir);
  const archives = archivesOf(location, states, folders.unpackedDir);
  const read = archives ? { pattern: unpackedPattern(archives), archives } : { pattern };
  return { external: { location, ...read, format, columnTypes, fileCount: states.length }, states };
}

/** Only CSV and JSON leave types to be told: other files, and tables, carry their own. @throws ProjectError */
function checkTypes(types: Types, format: FileFormat | undefined, span: Span): void {
  if (format === 'csv' || format === 'json' || Object.keys(types).length === 0) return;
  throw new ProjectError('invalid-config', 'column_types are for sources in CSV or JSON files', {
    span,
    hint: 'take them out, and cast in the model that reads the source',
  });
}

/** In the order of the names; none for none, so that a source without types keeps its fingerprint. */
const typesText = (types: Types): readonly string[] =>
  Object.entries(types)
    .map(([name, type]) => JSON.stringify([name, type]))
    .sort();

/** What a table takes from its source; description and tests are the table's own. */
const inherited = (entry: YamlEntry): ConfigLayer => entry.configAt([]);

function databaseOf(declared: Values, { scope }: ParseContext): { readonly database?: string } {
  const database = declared['database'] ?? declared['catalog'] ?? scope.target?.database;
  return database === undefined || database === null ? {} : { database: String(database) };
}

function sourceExtra(entry: YamlEntry, table: Values, config: Values) {
  const { value, raw } = entry;
  return {
    source_name: value['name'],
    source_description: entry.described.description,
    loader: table['loader'] ?? value['loader'] ?? '',
    identifier: table['identifier'] ?? table['name'],
    quoting: { ...NO_QUOTING, ...(value['quoting'] as object), ...(table['quoting'] as object) },
    loaded_at_field: config['loaded_at_field'],
    loaded_at_query: config['loaded_at_query'],
    freshness: config['freshness'],
    external: table['external'] ?? null,
    source_meta: value['meta'] ?? {},
    unrendered_database: raw['database'] ?? null,
    unrendered_schema: raw['schema'] ?? null,
  };
}

const NO_QUOTING = { database: null, schema: null, identifier: null, column: null };

function spanOfKey(layers: readonly ConfigLayer[], key: string): Span | undefined {
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, key));
  return layer?.spanOf(key);
}

const FORMATS: readonly (readonly [RegExp, FileFormat])[] = [
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(csv|tsv|txt)$/i, 'csv'],
  [/\.(json|jsonl|ndjson)$/i, 'json'],
];

function formatOf(location: string, span: Span): FileFormat {
  const plain = location.replace(PACKED_ENDINGS, '');
  const format = FORMATS.find(([ending]) => ending.test(plain))?.[1];
  if (format) return format;
  throw new ProjectError('invalid-config', `external_location '${location}' has no known ending`, {
    span,
    hint: 'it must end in .parquet, .csv, .tsv, .json, .jsonl or .ndjson, which .gz, .bz2 or .tar may follow; or set format',
  });
}
