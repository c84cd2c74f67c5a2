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
  const entries: string[] = [];
  for (const [section, list] of Object.entries((value ?? {}) as Values)) {
    if (ALONE.has(section) || list === null) continue;
    const names = ABOUT_FILES.has(section) ? plainNames(list) : undefined;
    if (!names) return undefined;
    const of = `${packageName}:${section === 'tests' ? 'data_tests' : section}`;
    for (const name of names) entries.push(`${of}:${name}`);
  }
  return entries;
}

function plainNames(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const names = (list as readonly (Partial<Values> | null)[]).map((entry) =>
    entry?.['versions'] ? undefined : entry?.['name'],
  );
  const isPlain = (name: unknown): name is string =>
    typeof name === 'string' && !name.includes('{');
  return names.every(isPlain) ? names : undefined;
}
