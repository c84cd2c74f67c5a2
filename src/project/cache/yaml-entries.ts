/** Sections that say something of files of their own. */
const ABOUT_FILES: ReadonlySet<string> = new Set([
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'functions',
  'data_tests',
  'tests',
]);

/** Sections whose entries stand alone. */
const ALONE: ReadonlySet<string> = new Set(['version', 'anchors', 'sources', 'exposures']);

type Values = Readonly<Record<string, unknown>>;

/**
 * What a properties file speaks of, as `package:section:name`; undefined when it says something that other files are
 * read in the light of as well: groups, macros, versions, or what no list of names can tell.
 */
export function entriesOf(packageName: string, value: unknown): readonly string[] | undefined {
  const sections = Object.entries((value ?? {}) as Values);
  const entries: string[] = [];
  for (const [section, list] of sections) {
    if (ALONE.has(section) || list === null) continue;
    if (!ABOUT_FILES.has(section) || !Array.isArray(list)) return undefined;
    for (const entry of list as readonly Partial<Values>[]) {
      const name = entry?.['name'];
      if (typeof name !== 'string' || name.includes('{') || entry['versions']) return undefined;
      entries.push(`${packageName}:${section === 'tests' ? 'data_tests' : section}:${name}`);
    }
  }
  return entries;
}
