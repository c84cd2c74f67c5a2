import type { Reference } from '../core/node.ts';
import { baseNode } from './base-node.ts';
import { unitTestConfig } from './config-schemas.ts';
import type { ParseContext, ParsedNode, YamlEntry, YamlKind } from './node-kind.ts';
import { resolveConfig } from './resolve-config.ts';

type Values = Readonly<Record<string, unknown>>;

/** A test of a model on made-up rows; of a versioned model it is one node a version. */
export const unitTest: YamlKind = {
  name: 'unit_test',
  section: 'unit_tests',
  trees: ['unit_tests'],
  parse(entry, context) {
    const versions = context.versionsOf(String(entry.value['model']));
    if (versions.length === 0) return [unitTestNode(entry, undefined, context)];
    return versions
      .filter((version) => isChosen(version, entry.value['versions']))
      .map((version) => unitTestNode(entry, version, context));
  },
};

type VersionLabel = string | number;

function isChosen(version: VersionLabel, rule: unknown): boolean {
  const { include, exclude } = (rule ?? {}) as Readonly<Record<string, readonly VersionLabel[]>>;
  const lists = (list: readonly VersionLabel[]) => list.map(String).includes(String(version));
  return (include ? lists(include) : true) && !(exclude && lists(exclude));
}

function unitTestNode(
  entry: YamlEntry,
  version: VersionLabel | undefined,
  context: ParseContext,
): ParsedNode {
  const { value } = entry;
  const model = String(value['model']);
  const written = String(value['name']);
  const name = version === undefined ? written : `${written}_v${version}`;
  const fqn = [context.packageName, ...entry.folders, model, name];
  const project = context.projectConfig(fqn);
  const layers = [...project.own, entry.configAt([]), ...project.root];
  const { config, unrendered } = resolveConfig(unitTestConfig, layers, context.unknownConfig);
  const span = entry.spanOf(['name']);
  const reference: Reference = {
    kind: 'ref',
    path: [version === undefined ? model : `${model}.v${version}`],
    span: entry.spanOf(['model']),
  };
  const node = baseNode({
    kind: 'unit_test',
    name,
    idParts: [model, name],
    path: entry.path,
    span,
    fqn,
    context,
    described: entry.described,
    config,
    unrendered,
    references: [reference],
    extra: {
      model,
      given: rowsOf(value['given'] as readonly Values[] | null | undefined),
      expect: fixtureOf(value['expect'] as Values),
      overrides: overridesOf(value['overrides'] as Values | null | undefined),
      versions: value['versions'] ?? null,
      version: version ?? null,
      schema: context.scope.target?.schema ?? '',
    },
  });
  return { node, enabled: config.enabled };
}

const rowsOf = (given: readonly Values[] | null | undefined) =>
  (given ?? []).map((one) => ({ input: one['input'], ...fixtureOf(one) }));

const fixtureOf = ({ rows, format, fixture }: Values) => ({
  rows: typeof rows === 'string' ? rows.trim() : (rows ?? (fixture ? null : [])),
  format: format ?? 'dict',
  fixture: fixture ?? null,
});

const overridesOf = (overrides: Values | null | undefined) =>
  overrides
    ? {
        macros: overrides['macros'] ?? {},
        vars: overrides['vars'] ?? {},
        env_vars: overrides['env_vars'] ?? {},
      }
    : null;
