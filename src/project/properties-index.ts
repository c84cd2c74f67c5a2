import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError } from '../core/errors.ts';
import type { NodeProperties } from '../nodes/node-kind.ts';
import type { FileProperties } from './model-versions.ts';

/** What the YAML of a package says of its files, by section and name, and which of them were seen. */
export interface PropertiesIndex {
  find(section: string, name: string): NodeProperties | undefined;
  /** Notes that there is something of that name for a section to speak of. */
  see(section: string, name: string): void;
  /** Versions of the model of that name; empty when it has none. */
  versionsOf(model: string): readonly (string | number)[];
  /** Descriptions of what does not exist; their tests would be lost. Of all YAML files, or of those given. */
  reportLeftover(errors: VeloError[], files?: ReadonlySet<string>): void;
}

/** What a section of YAML says of one file. */
export interface Indexed {
  readonly section: string;
  readonly properties: FileProperties;
}

/** Entries by name; a second one of a name is an error. */
export function indexProperties(entries: readonly Indexed[], errors: VeloError[]): PropertiesIndex {
  const byStem = new Map<string, Indexed>();
  const names = new Map<string, Indexed>();
  for (const entry of entries) {
    const { properties, stems } = entry.properties;
    const [stem, ...others] = stems;
    const key = `${entry.section}:${stem}`;
    const first = names.get(key);
    if (first) errors.push(describedTwice(properties, first.properties.properties));
    else names.set(key, entry);
    if (!first) byStem.set(key, entry);
    for (const other of others)
      if (!byStem.has(`${entry.section}:${other}`)) byStem.set(`${entry.section}:${other}`, entry);
  }
  const seen = new Map<string, Set<string>>();
  const used = new Set<Indexed>();
  const versions = versionsByModel(entries);
  return {
    find: (section, name) => byStem.get(`${section}:${name}`)?.properties.properties,
    see(section, name) {
      seen.set(section, (seen.get(section) ?? new Set()).add(name));
      const entry = byStem.get(`${section}:${name}`);
      if (entry) used.add(entry);
    },
    versionsOf: (model) => versions.get(model) ?? [],
    reportLeftover(into, files) {
      for (const entry of names.values()) {
        const { file } = entry.properties.properties.span;
        if (!used.has(entry) && (files?.has(file) ?? true))
          into.push(leftover(entry, seen.get(entry.section) ?? new Set()));
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

function leftover({ section, properties }: Indexed, known: ReadonlySet<string>): ProjectError {
  const [stem] = properties.stems;
  const { name, span, version } = properties.properties;
  const what = section.replace('_', ' ').replace(/(se)?s$/, (end) => (end === 'ses' ? 'sis' : ''));
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
