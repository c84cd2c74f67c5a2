import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError } from '../core/errors.ts';
import type { NodeProperties } from '../nodes/node-kind.ts';
import type { FileProperties } from './model-versions.ts';

/** Which section of YAML and of the project file speaks of which kind. */
const SECTIONS = {
  model: { yaml: 'models', project: ['models'] },
  seed: { yaml: 'seeds', project: ['seeds'] },
  snapshot: { yaml: 'snapshots', project: ['snapshots'] },
  analysis: { yaml: 'analyses', project: ['analyses'] },
  function: { yaml: 'functions', project: ['functions'] },
  test: { yaml: 'data_tests', project: ['tests', 'data_tests'] },
  source: { yaml: 'sources', project: ['sources'] },
  exposure: { yaml: 'exposures', project: ['exposures'] },
  unit_test: { yaml: 'unit_tests', project: ['unit_tests'] },
  metric: { yaml: 'metrics', project: ['metrics'] },
  semantic_model: { yaml: 'semantic_models', project: ['semantic-models'] },
  saved_query: { yaml: 'saved_queries', project: ['saved-queries'] },
  operation: { yaml: '', project: [] },
} as const;

export type KindName = keyof typeof SECTIONS;

export const sectionsOf = (kind: KindName): (typeof SECTIONS)[KindName] => SECTIONS[kind];

/** What the YAML of a package says of its files, by kind and name, and which of them were seen. */
export interface PropertiesIndex {
  find(kind: string, name: string): NodeProperties | undefined;
  /** Notes that a file or block of that kind and name exists. */
  see(kind: string, name: string): void;
  /** Versions of the model of that name; empty when it has none. */
  versionsOf(model: string): readonly (string | number)[];
  /** Descriptions of what does not exist; their tests would be lost. */
  reportLeftover(errors: VeloError[]): void;
}

/** What is said of one file, and of which kind it is. */
export interface Indexed {
  readonly kind: string;
  readonly properties: FileProperties;
}

/** Entries by name; a second one of a name is an error. */
export function indexProperties(entries: readonly Indexed[], errors: VeloError[]): PropertiesIndex {
  const byStem = new Map<string, Indexed>();
  const names = new Map<string, Indexed>();
  for (const entry of entries) {
    const { properties, stems } = entry.properties;
    const [stem, ...others] = stems;
    const key = `${entry.kind}:${stem}`;
    const first = names.get(key);
    if (first) errors.push(describedTwice(properties, first.properties.properties));
    else names.set(key, entry);
    if (!first) byStem.set(key, entry);
    for (const other of others)
      if (!byStem.has(`${entry.kind}:${other}`)) byStem.set(`${entry.kind}:${other}`, entry);
  }
  const seen = new Map<string, Set<string>>();
  const used = new Set<Indexed>();
  const versions = versionsByModel(entries);
  return {
    find: (kind, name) => byStem.get(`${kind}:${name}`)?.properties.properties,
    see(kind, name) {
      const ofKind = seen.get(kind) ?? new Set();
      seen.set(kind, ofKind.add(name));
      const entry = byStem.get(`${kind}:${name}`);
      if (entry) used.add(entry);
    },
    versionsOf: (model) => versions.get(model) ?? [],
    reportLeftover(into) {
      for (const entry of names.values()) {
        if (!used.has(entry)) into.push(leftover(entry, seen.get(entry.kind) ?? new Set()));
      }
    },
  };
}

function versionsByModel(entries: readonly Indexed[]): ReadonlyMap<string, (string | number)[]> {
  const versions = new Map<string, (string | number)[]>();
  for (const { properties } of entries) {
    const { name, version } = properties.properties;
    if (version) versions.set(name, [...(versions.get(name) ?? []), version.v]);
  }
  return versions;
}

function leftover({ kind, properties }: Indexed, known: ReadonlySet<string>): ProjectError {
  const [stem] = properties.stems;
  const { name, span, version } = properties.properties;
  const what = kind === 'test' ? 'data test' : kind;
  const file = version ? `, version ${version.v}: no file '${stem}'` : '';
  return new ProjectError('unknown-property-target', `there is no ${what} '${name}'${file}`, {
    span,
    hint: didYouMean(stem, known),
  });
}

function describedTwice(entry: NodeProperties, first: NodeProperties): ProjectError {
  const { file, line } = first.span;
  return new ProjectError('duplicate-name', `'${entry.name}' is described twice`, {
    span: entry.span,
    hint: `the other description is ${file}:${line}`,
  });
}
