import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, type VeloError } from '../core/errors.ts';
import type { MacroTable } from '../jinja/contexts/macro-library.ts';
import type { PropertiesEntry } from './read-properties.ts';

/** Which section of YAML and of the project file speaks of which kind. */
const SECTIONS = {
  model: { yaml: 'models', project: 'models' },
  seed: { yaml: 'seeds', project: 'seeds' },
  test: { yaml: 'data_tests', project: 'data_tests' },
  source: { yaml: 'sources', project: 'sources' },
} as const;

export function sectionsOf(kind: string): (typeof SECTIONS)[keyof typeof SECTIONS] {
  if (Object.hasOwn(SECTIONS, kind)) return SECTIONS[kind as keyof typeof SECTIONS];
  throw new Error(`no section speaks of ${kind}`);
}

/** What YAML says, by kind and name, and whose nodes have been seen. */
export interface PropertiesIndex {
  readonly entries: ReadonlyMap<string, PropertiesEntry>;
  readonly seen: ReadonlySet<string>;
  find(kind: string, name: string): PropertiesEntry | undefined;
  /** The same, noting that a file of that kind and name exists. */
  take(kind: string, name: string): PropertiesEntry | undefined;
}

/** Entries by name; a second one of a name is an error. */
export function indexProperties(
  entries: readonly PropertiesEntry[],
  errors: VeloError[],
): PropertiesIndex {
  const byKey = new Map<string, PropertiesEntry>();
  for (const entry of entries) {
    const key = `${entry.section}:${entry.name}`;
    const first = byKey.get(key);
    if (first) errors.push(describedTwice(entry, first));
    else byKey.set(key, entry);
  }
  const seen = new Set<string>();
  const keyOf = (kind: string, name: string) => `${sectionsOf(kind).yaml}:${name}`;
  return {
    entries: byKey,
    seen,
    find: (kind, name) => byKey.get(keyOf(kind, name)),
    take(kind, name) {
      seen.add(keyOf(kind, name));
      return byKey.get(keyOf(kind, name));
    },
  };
}

/** A description of nothing is a typo, and its tests would be lost. */
export function reportLeftover(
  { entries, seen }: PropertiesIndex,
  macros: MacroTable | undefined,
  errors: VeloError[],
): void {
  for (const [key, { section, name, properties }] of entries) {
    const exists = section === 'macros' ? macros?.get(name) !== undefined : seen.has(key);
    if (exists) continue;
    const known = section === 'macros' ? (macros?.keys() ?? []) : namesSeen(section, seen);
    const what = section === 'data_tests' ? 'data test' : section.slice(0, -1);
    errors.push(
      new ProjectError('unknown-property-target', `there is no ${what} '${name}'`, {
        span: properties.span,
        hint: didYouMean(name, known),
      }),
    );
  }
}

const namesSeen = (section: string, seen: ReadonlySet<string>): string[] =>
  [...seen]
    .filter((key) => key.startsWith(`${section}:`))
    .map((key) => key.slice(section.length + 1));

function describedTwice(entry: PropertiesEntry, first: PropertiesEntry): ProjectError {
  const { file, line } = first.properties.span;
  return new ProjectError('duplicate-name', `'${entry.name}' is described twice`, {
    span: entry.properties.span,
    hint: `the other description is ${file}:${line}`,
  });
}
