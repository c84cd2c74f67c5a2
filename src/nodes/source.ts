import type { FileFormat } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import { type Node, nodeId } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { sourceConfig } from './config-schemas.ts';
import type { NodeProperties, ParseContext } from './node-kind.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { listFiles } from './source-files.ts';
import type { SourceDetail } from './source-text.ts';

/** One table of a source as YAML declares it. */
export interface SourceTable {
  readonly sourceName: string;
  readonly tableName: string;
  readonly schema: string;
  readonly identifier: string;
  readonly database: string | undefined;
  readonly path: string;
  readonly properties: NodeProperties;
  readonly layers: readonly ConfigLayer[];
}

/** The node of a source table. Files it stands for are listed now: their sizes and times are its fingerprint. */
export function sourceNode(
  table: SourceTable,
  context: ParseContext,
): { node: Node; enabled: boolean } {
  const { sourceName, tableName, properties } = table;
  const fqn = [context.packageName, ...directoryOf(table.path), sourceName, tableName];
  const layers = [...context.projectConfig(fqn), ...table.layers];
  const config = resolveConfig(sourceConfig, layers);
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
    id: nodeId('source', context.packageName, sourceName, tableName),
    kind: 'source',
    name: tableName,
    packageName: context.packageName,
    path: table.path,
    span,
    fqn,
    description: properties.description,
    columns: properties.columns,
    tags: config.tags,
    config,
    references: [],
    relation: {
      ...(table.database === undefined ? {} : { database: table.database }),
      schema: table.schema,
      name: table.identifier,
    },
    materialized: 'source',
    buildable: false,
    storesRows: false,
    updatesInPlace: false,
    volatile: location === undefined,
    fingerprint: {
      files: hashOf(files?.states ?? table.identifier),
      config: hashOf([location ?? '', config.event_time ?? '']),
    },
    place: `${table.schema}.${table.identifier}`,
    eventTime: config.event_time,
    asOf: undefined,
    check: undefined,
    propertiesPath: properties.span.file,
    rawCode: '',
    detail,
  };
  return { node, enabled: config.enabled };
}

const directoryOf = (path: string): string[] => path.split('/').slice(1, -1);

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
