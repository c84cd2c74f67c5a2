/** What a manifest says of one resource. */
export type ManifestEntry = Readonly<Record<string, unknown>>;

const SECTIONS = [
  'nodes',
  'sources',
  'exposures',
  'metrics',
  'functions',
  'saved_queries',
  'semantic_models',
  'unit_tests',
] as const;

/** All entries of a manifest by their ids, whatever section they stand in; an older manifest may lack a section. */
export function manifestEntries(
  manifest: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, ManifestEntry> {
  return new Map(
    SECTIONS.flatMap((section) =>
      Object.entries((manifest[section] ?? {}) as Readonly<Record<string, ManifestEntry>>),
    ),
  );
}
