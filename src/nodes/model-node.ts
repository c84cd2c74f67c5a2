import { ProjectError } from '../core/errors.ts';
import { type Fingerprint, type Node, nodeId, type Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { incrementalStrategies } from '../materializations/incremental-strategies.ts';
import { materializations } from '../materializations/index.ts';
import { asOfOf } from './as-of-config.ts';
import type { ModelConfig } from './config-schemas.ts';
import type { NodeProperties, ParseContext, ProjectSourceFile } from './node-kind.ts';
import { relationOf } from './relation-names.ts';
import type { ConfigLayer } from './resolve-config.ts';

/** Settings that change a model's rows; the rest may change without a rebuild. */
export const dataConfig = (config: ModelConfig): Readonly<Record<string, unknown>> => ({
  materialized: config.materialized,
  strategy: config.incremental_strategy ?? null,
  uniqueKey: config.unique_key,
  asOf: config.as_of ?? null,
  grain: config.grain,
  begin: config.begin ?? null,
  dependsOnPast: config.depends_on_past,
  eventTime: config.event_time ?? null,
});

export interface ModelParts {
  readonly file: ProjectSourceFile;
  readonly context: ParseContext;
  readonly config: ModelConfig;
  readonly layers: readonly ConfigLayer[];
  readonly references: readonly Reference[];
  readonly fingerprint: Fingerprint;
  readonly volatile: boolean;
  readonly detail: unknown;
}

/** A model's node, whatever language it is written in. @throws ProjectError */
export function modelNode(parts: ModelParts): { node: Node; enabled: boolean } {
  const { file, context, config } = parts;
  const name = file.parts.at(-1) ?? '';
  const properties = context.propertiesOf(name);
  const spanOf = (key: string) => settingSpan(parts, key);
  const materialization = findMaterialization(config, spanOf);
  const asOf = asOfOf(config, spanOf);
  checkStrategy(config, spanOf);
  const relation = relationOf(name, config, context.scope.target);
  const node: Node = {
    id: nodeId('model', context.packageName, name),
    kind: 'model',
    name,
    packageName: context.packageName,
    path: file.path,
    span: { file: file.path, line: 1, column: 1 },
    fqn: [context.packageName, ...file.parts],
    description: properties?.description ?? '',
    columns: properties?.columns ?? [],
    tags: config.tags,
    config,
    references: parts.references,
    relation,
    place: `${relation.schema}.${relation.name}`,
    materialized: config.materialized,
    buildable: materialization.relationType !== undefined,
    storesRows: materialization.relationType === 'table',
    updatesInPlace: materialization.updatesInPlace && asOf === undefined,
    volatile: parts.volatile,
    fingerprint: parts.fingerprint,
    eventTime: config.event_time,
    asOf,
    check: undefined,
    propertiesPath: properties?.span.file,
    rawCode: file.text,
    detail: parts.detail,
  };
  return { node, enabled: config.enabled };
}

function findMaterialization(config: ModelConfig, spanOf: (key: string) => Span) {
  const found = materializations.all().find(({ name }) => name === config.materialized);
  if (found) return found;
  throw invalidName('materialized', config.materialized, materializations.all(), spanOf);
}

function checkStrategy(config: ModelConfig, spanOf: (key: string) => Span): void {
  const name = config.incremental_strategy;
  if (name === undefined || config.materialized !== 'incremental') return;
  const strategy = incrementalStrategies.all().find((one) => one.name === name);
  if (!strategy)
    throw invalidName('incremental_strategy', name, incrementalStrategies.all(), spanOf);
  if (strategy.needs !== 'unique_key' || config.unique_key.length > 0) return;
  throw new ProjectError('invalid-config', `incremental_strategy '${name}' needs unique_key`, {
    span: spanOf('incremental_strategy'),
  });
}

function invalidName(
  key: string,
  value: string,
  known: readonly { readonly name: string }[],
  spanOf: (key: string) => Span,
): ProjectError {
  const names = known.map(({ name }) => name);
  return new ProjectError('invalid-config', `${key} '${value}' is not known`, {
    span: spanOf(key),
    hint: `it can be ${names.join(', ')}`,
  });
}

/** Where a setting was written: the strongest layer that has it, else the file itself. */
function settingSpan({ layers, file }: ModelParts, key: string): Span {
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, key));
  return layer ? layer.spanOf(key) : { file: file.path, line: 1, column: 1 };
}

/** The weakest-first layers of a node: project file, YAML, the file's own. */
export function configLayers(
  context: ParseContext,
  fqn: readonly string[],
  properties: NodeProperties | undefined,
  own: readonly ConfigLayer[],
): readonly ConfigLayer[] {
  return [...context.projectConfig(fqn), ...(properties ? [properties.config] : []), ...own];
}
