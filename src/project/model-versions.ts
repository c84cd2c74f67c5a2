import type { YamlPath } from '../config/read-yaml.ts';
import { ProjectError, type VeloError } from '../core/errors.ts';
import type { ColumnInfo } from '../core/node.ts';
import type { TestEntry } from '../nodes/generic-test.ts';
import type { NodeProperties } from '../nodes/node-kind.ts';
import { columnInfo } from './column-info.ts';
import type { ModelEntry } from './properties-schema.ts';
import type { PropertiesSource } from './read-properties.ts';
import { configLayer, type Describe, nodeProperties, testsOf } from './yaml-entry.ts';

/** What YAML says of a file: a model has one, a versioned model one for each version. */
export interface FileProperties {
  /** Names the file may have, the first that exists counts. */
  readonly stems: readonly [string, ...string[]];
  readonly properties: NodeProperties;
}

/** What an entry of `models:` says, for each file it speaks of. */
export function modelProperties(
  source: PropertiesSource,
  at: YamlPath,
  describe: Describe,
  errors: VeloError[],
): FileProperties[] {
  const entry = source.value.models?.[at[1] as number] as ModelEntry;
  const common = nodeProperties(source, at, describe, errors);
  const versions = entry.versions ?? [];
  if (versions.length === 0) return [{ stems: [entry.name], properties: common }];
  const latest = entry.latest_version ?? latestOf(versions.map(({ v }) => v));
  if (!versions.some(({ v }) => String(v) === String(latest))) {
    errors.push(unknownLatest(entry, latest, source.yaml.spanOf(at, 'latest_version')));
  }
  return versions.map((version, index) => {
    const versionAt = [...at, 'versions', index];
    const own = configLayer(source, versionAt);
    const columns = versionColumns(
      version.columns ?? [],
      common.columns,
      source,
      versionAt,
      describe,
    );
    const properties: NodeProperties = {
      ...common,
      ...(version.description
        ? describe(version.description, source, [...versionAt, 'description'])
        : {}),
      columns,
      config: mergeLayers(common.config, own),
      tests: versionTests(version, common.tests, columns, source, versionAt, errors),
      version: { v: version.v, latest },
      span: source.yaml.spanOf(versionAt, 'v'),
      entry: { ...entry, ...withoutNullish(version), versions: undefined },
    };
    const byVersion = version.defined_in ?? `${entry.name}_v${version.v}`;
    // dbt lets the latest version live in the file that has the model's bare name.
    const stems: [string, ...string[]] =
      String(version.v) === String(latest) ? [byVersion, entry.name] : [byVersion];
    return { stems, properties };
  });
}

type VersionEntry = NonNullable<ModelEntry['versions']>[number];
type VersionColumn = NonNullable<VersionEntry['columns']>[number];

/** dbt's order: numbers by size, anything else by letters. */
const latestOf = (versions: readonly (string | number)[]): string | number =>
  [...versions]
    .sort((a, b) => {
      const [x, y] = [Number(a), Number(b)];
      if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
      return String(a) < String(b) ? -1 : 1;
    })
    .at(-1) as string | number;

const unknownLatest = (entry: ModelEntry, latest: string | number, span: NodeProperties['span']) =>
  new ProjectError('yaml-schema', `model '${entry.name}' has no version ${latest}`, {
    span,
    hint: `its versions: ${(entry.versions ?? []).map(({ v }) => v).join(', ')}`,
  });

const withoutNullish = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null));

/** Without a list the model's columns; `include`/`exclude` choose among them, the rest is the version's own. */
function versionColumns(
  listed: readonly VersionColumn[],
  common: readonly ColumnInfo[],
  source: PropertiesSource,
  at: YamlPath,
  describe: Describe,
): readonly ColumnInfo[] {
  if (listed.length === 0) return common;
  const own = listed.flatMap((column, index) => {
    const { name } = column;
    if (!name) return [];
    const described = describe(column.description, source, [...at, 'columns', index]);
    return [columnInfo({ ...column, name }, described)];
  });
  const chosen = common.filter(
    ({ name }) => isIncluded(name, listed) && !own.some((column) => column.name === name),
  );
  return [...chosen, ...own];
}

function isIncluded(name: string, listed: readonly VersionColumn[]): boolean {
  const rule = listed.find(({ include }) => include !== undefined && include !== null);
  if (!rule) return false;
  const { include, exclude } = rule;
  const all = include === 'all' || include === '*' || include?.includes(name) === true;
  return all && !exclude?.includes(name);
}

/** Tests of columns the version has; its own tests take the place of the model's. */
function versionTests(
  version: VersionEntry,
  common: readonly TestEntry[],
  columns: readonly ColumnInfo[],
  source: PropertiesSource,
  at: YamlPath,
  errors: VeloError[],
): readonly TestEntry[] {
  const replaces = version.data_tests ?? version.tests;
  const named = (version.columns ?? []).flatMap((column) =>
    column.name ? [{ ...column, name: column.name }] : [],
  );
  const kept = common.filter(({ column }) =>
    column === undefined
      ? !replaces
      : columns.some(({ name }) => name === column) && !named.some(({ name }) => name === column),
  );
  return [
    ...kept,
    ...testsOf({ ...version, columns: undefined }, source, at, errors),
    ...columnTests(),
  ];

  function columnTests(): TestEntry[] {
    return testsOf(
      { columns: version.columns as typeof named | null | undefined },
      source,
      at,
      errors,
    ).filter(({ column }) => column !== undefined);
  }
}

function mergeLayers(weaker: NodeProperties['config'], stronger: NodeProperties['config']) {
  return {
    values: { ...weaker.values, ...stronger.values },
    unrendered: { ...weaker.unrendered, ...stronger.unrendered },
    spanOf: (key: string) => (Object.hasOwn(stronger.values, key) ? stronger : weaker).spanOf(key),
  };
}
