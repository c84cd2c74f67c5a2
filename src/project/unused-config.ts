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
  const known = new Set<string>();
  for (const node of [...nodes.values(), ...disabled.values()]) addFolders(node, known);
  return places
    .filter(([tree = '', ...fqn]) => !known.has(keyOf(TREES[tree as keyof typeof TREES], fqn)))
    .map((place) => ({
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

function addFolders({ kind, fqn }: Node, known: Set<string>): void {
  fqn.forEach((_, at) => {
    known.add(keyOf(kind, fqn.slice(0, at + 1)));
  });
}

const keyOf = (kind: string, fqn: readonly string[]): string => `${kind}:${fqn.join('/')}`;
