import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { Fingerprint, Node, Reference, Version } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { findIn, findMacro, INTERNAL } from '../jinja/contexts/macro-library.ts';
import { incrementalStrategies } from '../materializations/incremental-strategies.ts';
import { materializations } from '../materializations/index.ts';
import { asOfOf, datedByOf } from './as-of-config.ts';
import { backtestRequestOf } from './backtest-settings.ts';
import { baseNode, fileParts, startOf } from './base-node.ts';
import { type ModelConfig, partitionByOf, partitionUnitOf, uniqueKeyOf } from './config-schemas.ts';
import { constraintsOf, primaryKeyOf } from './constraints.ts';
import { contractChecksum } from './contract-checksum.ts';
import type { CustomDetail } from './custom-materialization.ts';
import { relationOf } from './custom-names.ts';
import { microbatchOf } from './microbatch-config.ts';
import { backtestSettings, scoreSettings, trainSettings } from './modeling-settings.ts';
import type {
  NodeProperties,
  ParseContext,
  ParsedNode,
  ProjectSourceFile,
  VersionProperties,
} from './node-kind.ts';
import type { ConfigLayer } from './resolve-config.ts';
import { modelUseOf, scoreSettingsOf } from './score-settings.ts';
import { trainSettingsOf } from './train-settings.ts';

/** Settings that change a model's rows; the rest may change without a rebuild. */
export function dataConfig(config: ModelConfig): Readonly<Record<string, unknown>> {
  const known = dataConfigs.get(config) ?? makeDataConfig(config);
  dataConfigs.set(config, known);
  return known;
}

/** Models share configs. */
const dataConfigs = new WeakMap<ModelConfig, Readonly<Record<string, unknown>>>();

const makeDataConfig = (config: ModelConfig) => ({
  materialized: config.materialized,
  strategy: config.incremental_strategy,
  uniqueKey: uniqueKeyOf(config),
  ...(config.incremental_strategy === 'insert_overwrite' && { partitionBy: partitionByOf(config) }),
  asOf: config.as_of ?? null,
  grain: config.grain ?? 'day',
  begin: config.begin,
  ...(config.materialized === 'external' && {
    file: [config.location ?? null, config.format ?? null, config.options ?? {}],
  }),
  ...(config.materialized === 'materialized_view' && { indexes: config.indexes ?? [] }),
  ...(partitionUnitOf(config) && { partitionedBy: partitionUnitOf(config) }),
  dependsOnPast: config.depends_on_past ?? false,
  eventTime: config.event_time,
  ...modelingConfig(config),
});

/** What a train, score or backtest node does with its rows; nothing of others. */
function modelingConfig(config: ModelConfig): Readonly<Record<string, unknown>> {
  const keys = MODELING_KEYS[config.materialized];
  if (!keys) return {};
  const unset = (key: keyof ModelConfig) => (ADDED.includes(key) ? undefined : null);
  return Object.fromEntries(keys.map((key) => [key, config[key] ?? unset(key)]));
}

/** Settings of later versions: where they are not set, a newer velo must not train again. */
const ADDED: readonly (keyof ModelConfig)[] = ['tune', 'permutation'];

const keysOf = (settings: object) => Object.keys(settings) as (keyof ModelConfig)[];

const MODELING_KEYS: Readonly<Record<string, readonly (keyof ModelConfig)[]>> = {
  train: keysOf(trainSettings),
  score: keysOf(scoreSettings),
  backtest: [...keysOf(backtestSettings), 'price', 'group_column', 'seed'],
};

export interface ModelParts {
  readonly file: ProjectSourceFile;
  readonly context: ParseContext;
  readonly properties: NodeProperties | undefined;
  readonly config: ModelConfig;
  readonly unrendered: Readonly<Record<string, unknown>>;
  readonly layers: readonly ConfigLayer[];
  readonly references: readonly Reference[];
  readonly fingerprint: Fingerprint;
  readonly volatile: boolean;
  readonly macros: readonly string[];
}

/** A model's name, place in the tree and settings' place: they differ from its file's for a version. */
export function modelIdentity(
  file: ProjectSourceFile,
  { packageName, propertiesOf }: Pick<ParseContext, 'packageName' | 'propertiesOf'>,
) {
  const stem = file.parts.at(-1) ?? '';
  const properties = propertiesOf(stem);
  const name = properties?.name ?? stem;
  const folders = [packageName, ...file.parts.slice(0, -1), name];
  const { version } = properties ?? {};
  return { name, properties, fqn: version ? [...folders, `v${version.v}`] : folders };
}

/** A model's node, whatever language it is written in. @throws ProjectError */
export function modelNode(parts: ModelParts): ParsedNode {
  const { file, context, config, properties } = parts;
  const { name, fqn } = modelIdentity(file, context);
  const spanOf = (key: string) => settingSpan(parts, key);
  const materialization = findMaterialization(parts, spanOf);
  const custom = materialization ? undefined : customCall(config.materialized, context);
  const asOf = asOfOf(config, parts.layers, spanOf);
  const microbatch = microbatchOf(name, config, spanOf);
  checkStrategy(parts, spanOf);
  if (config.materialized === 'train') trainSettingsOf(name, config, spanOf);
  if (config.materialized === 'score') scoreSettingsOf(config, spanOf);
  if (config.materialized === 'backtest') backtestRequestOf(config, spanOf);
  const version = properties?.version;
  const span = startOf(file);
  const named = {
    kind: 'model',
    name,
    packageName: context.packageName,
    path: file.path,
    fqn,
    version: version?.v,
    tags: config.tags,
    config,
    span,
  };
  const base = baseNode({
    kind: 'model',
    name,
    idParts: version ? [name, `v${version.v}`] : [name],
    fqn,
    context,
    config: shownConfig(config),
    unrendered: parts.unrendered,
    references: parts.references,
    relation: relationOf(named, context),
    rawCode: file.text.trim(),
    fingerprint: parts.fingerprint,
    // Each run builds its current batch anew.
    volatile: parts.volatile || microbatch !== undefined,
    macros: parts.macros,
    extra: modelExtra(config, properties),
    ...fileParts(file, properties),
  });
  const node: Node = Object.assign(base, {
    materialized: config.materialized,
    buildable: config.materialized !== 'ephemeral',
    // What one of the project's own makes is not known: most make tables.
    storesRows: materialization ? materialization.relationType === 'table' : custom !== undefined,
    updatesInPlace: materialization?.updatesInPlace === true && asOf === undefined,
    // A train node's event_time orders what it reads: who reads its predictions sees all of them.
    eventTime: config.materialized === 'train' ? undefined : (config.event_time ?? undefined),
    asOf,
    datedBy: config.materialized === 'view' ? datedByOf(config) : undefined,
    microbatch,
    model: modelUseOf(name, config, asOf !== undefined),
    version: version && versionOf(version),
    ...(custom && { detail: { materialization: custom } satisfies CustomDetail }),
  });
  return { node, enabled: config.enabled, tests: properties?.tests };
}

const versionOf = ({ v, latest }: VersionProperties): Version => ({
  label: String(v),
  latest: String(v) === String(latest),
});

/** What dbt's manifest says of models alone. */
function modelExtra(config: ModelConfig, properties: NodeProperties | undefined) {
  const entry = properties?.entry ?? {};
  const constraints = constraintsOf(entry['constraints']);
  const { columns = [] } = properties ?? {};
  const { materialized } = config;
  const { enforced } = config.contract;
  return {
    contract: {
      ...config.contract,
      checksum: enforced ? contractChecksum({ materialized, columns, constraints }) : null,
    },
    access: config.access,
    constraints,
    version: properties?.version?.v ?? null,
    latest_version: properties?.version?.latest ?? null,
    deprecation_date: instantOf(entry['deprecation_date']),
    primary_key: primaryKeyOf(constraints, columns),
    time_spine: timeSpineOf(entry['time_spine']),
  };
}

/** dbt keeps the begin of a microbatch as an instant. */
const shownConfig = (config: ModelConfig): ModelConfig =>
  config.incremental_strategy === 'microbatch' && /^\d{4}-\d\d-\d\d$/.test(config.begin ?? '')
    ? { ...config, begin: `${config.begin}T00:00:00` }
    : config;

const instantOf = (value: unknown): string | null => {
  if (value === undefined || value === null) return null;
  const text = String(value);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+00:00` : text;
};

const timeSpineOf = (value: unknown): unknown =>
  value === undefined || value === null
    ? null
    : { custom_granularities: [], ...(value as Readonly<Record<string, unknown>>) };

/** Those velo builds itself; undefined for one of the project's own or of another engine's. */
function findMaterialization(parts: ModelParts, spanOf: (key: string) => Span) {
  const { config, context } = parts;
  const name = config.materialized;
  const found = materializations.all().find((one) => one.name === name);
  if (found || DBT_MATERIALIZATIONS.includes(name) || customMaterialization(name, context)) {
    return found;
  }
  const known = materializations.all().map((one) => one.name);
  throw invalidName('materialized', name, known, spanOf);
}

const DBT_MATERIALIZATIONS = ['external', 'table_function'];

/**
 * The `{% materialization %}` of a name: for the adapter before the default one, the project's before those of
 * packages. It needs no package in front.
 */
export function customMaterialization(name: string, { macros, scope }: ParseContext) {
  const packages = [macros.rootPackage, ...macros.packages.keys()];
  return [scope.target?.type ?? '', 'default']
    .flatMap((adapter) =>
      packages.map((one) => findIn(macros, one, `materialization_${name}_${adapter}`)),
    )
    .find((macro) => macro !== undefined);
}

/** The macro of a materialization as a template calls it. */
function customCall(name: string, context: ParseContext): string | undefined {
  const found = customMaterialization(name, context);
  return found && `${found.packageName}.${found.macro.name}`;
}

const DBT_STRATEGIES = ['merge', 'microbatch'];

function checkStrategy({ config, context }: ModelParts, spanOf: (key: string) => Span): void {
  const name = config.incremental_strategy;
  if (name === null || config.materialized !== 'incremental') return;
  const strategy = incrementalStrategies.all().find((one) => one.name === name);
  const macro = `get_incremental_${name}_sql`;
  if (!strategy && !DBT_STRATEGIES.includes(name)) {
    const own = findMacro(context.macros, context.packageName, macro);
    if (own && own.packageName !== INTERNAL) return;
    const known = [...incrementalStrategies.all().map((one) => one.name), ...DBT_STRATEGIES];
    throw invalidName('incremental_strategy', name, known, spanOf);
  }
  const needed = strategy?.needs;
  const isMissing =
    (needed === 'unique_key' && uniqueKeyOf(config).length === 0) ||
    (needed === 'partition_by' && partitionByOf(config).length === 0);
  if (!isMissing) return;
  throw new ProjectError('invalid-config', `incremental_strategy '${name}' needs ${needed}`, {
    span: spanOf('incremental_strategy'),
  });
}

function invalidName(
  key: string,
  value: string,
  known: readonly string[],
  spanOf: (key: string) => Span,
): ProjectError {
  return new ProjectError('invalid-config', `${key} '${value}' is not known`, {
    span: spanOf(key),
    hint: didYouMean(value, known) ?? `it can be ${known.join(', ')}`,
  });
}

/** Where a setting was written: the strongest layer that has it, else the file itself. */
function settingSpan({ layers, file }: ModelParts, key: string): Span {
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, key));
  return layer ? layer.spanOf(key) : { file: file.shownPath, line: 1, column: 1 };
}
