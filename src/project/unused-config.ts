import type { ProjectFile } from '../config/project-file.ts';
import type { Manifest, Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';

/** The sections of the project file that hold settings, and the kind each is for. */
const TREES = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  sources: 'source',
  data_tests: 'test',
  tests: 'test',
  unit_tests: 'unit_test',
  analyses: 'analysis',
  exposures: 'exposure',
  functions: 'function',
  metrics: 'metric',
  'semantic-models': 'semantic_model',
  'saved-queries': 'saved_query',
} as const;

type Tree = Readonly<Record<string, unknown>>;

export interface UnusedConfig {
  /** `models.shop.stagin` */
  readonly path: string;
  readonly span: Span;
}

/** Places of the project file with settings that no node is below, as dbt tells of them. */
export function unusedConfig(
  { config, yaml }: ProjectFile,
  { nodes, disabled }: Manifest,
): readonly UnusedConfig[] {
  const places = Object.keys(TREES).flatMap((tree) =>
    settingPlaces([tree], config[tree as keyof typeof TREES]),
  );
  if (places.length === 0) return [];
  const unused = new Set(places);
  // All are used, mostly by the first nodes: no need to look at the others.
  for (const some of [nodes, disabled]) {
    for (const node of some.values()) {
      for (const place of unused) if (isAbove(place, node)) unused.delete(place);
      if (unused.size === 0) return [];
    }
  }
  return [...unused].map((place) => ({
    path: place.join('.'),
    span: yaml.spanOf(place.slice(0, -1), place.at(-1)),
  }));
}

/** Mappings that hold a setting themselves; one at the top is for all nodes and always used. */
function settingPlaces(place: readonly string[], tree: unknown): (readonly string[])[] {
  if (!isTree(tree)) return [];
  const below = Object.entries(tree).flatMap(([key, value]) =>
    key.startsWith('+') ? [] : settingPlaces([...place, key], value),
  );
  const isSetting = ([key, value]: [string, unknown]) => key.startsWith('+') || !isTree(value);
  return place.length > 1 && Object.entries(tree).some(isSetting) ? [place, ...below] : below;
}

const isTree = (value: unknown): value is Tree =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function isAbove([tree = '', ...folders]: readonly string[], { kind, fqn }: Node): boolean {
  if (TREES[tree as keyof typeof TREES] !== kind) return false;
  return folders.every((folder, at) => fqn[at] === folder);
}
