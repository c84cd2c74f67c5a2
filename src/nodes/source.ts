import type { FileFormat } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { baseNode } from './base-node.ts';
import { sourceConfig } from './config-schemas.ts';
import type { ParseContext, ParsedNode, YamlEntry, YamlKind } from './node-kind.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { listFiles } from './source-files.ts';
import { freshnessLayer } from './source-freshness.ts';
import type { SourceDetail } from './source-text.ts';

type Values = Readonly<Record<string, unknown>>;

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
  const location = config.external_location;
  const files =
    location === undefined || !config.enabled
      ? undefined
      : listFiles(location, context.folders.projectDir);
  const span = spanOfLocation(layers) ?? properties.span;
  const detail: SourceDetail = {
    external:
      location === undefined || !files
        ? undefined
        : {
            location,
            pattern: files.pattern,
            format: formatOf(location, span),
            fileCount: files.states.length,
          },
  };
  const node: Node = {
    ...baseNode({
      kind: 'source',
      name: tableName,
      idParts: [sourceName, tableName],
      path: entry.path,
      span,
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
      volatile: location === undefined,
      fingerprint: {
        files: hashOf(files?.states ?? table['identifier'] ?? tableName),
        config: hashOf([location ?? '', config.event_time ?? '']),
      },
      propertiesPath: entry.path,
      extra: sourceExtra(entry, table, config),
    }),
    eventTime: config.event_time ?? undefined,
    detail,
  };
  return { node, enabled: config.enabled, tests: properties.tests };
}

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

function spanOfLocation(layers: readonly ConfigLayer[]): Span | undefined {
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, 'external_location'));
  return layer?.spanOf('external_location');
}

const FORMATS: readonly (readonly [RegExp, FileFormat])[] = [
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(csv|tsv|txt)(\.(gz|zst))?$/i, 'csv'],
  [/\.(json|jsonl|ndjson)(\.(gz|zst))?$/i, 'json'],
];

function formatOf(location: string, span: Span): FileFormat {
  const format = FORMATS.find(([ending]) => ending.test(location))?.[1];
  if (format) return format;
  throw new ProjectError('invalid-config', `external_location '${location}' has no known ending`, {
    span,
    hint: 'it must end in .parquet, .csv, .tsv, .json, .jsonl or .ndjson (csv and json also with .gz)',
  });
}
