import type { YamlFile, YamlPath } from '../config/read-yaml.ts';
import type { ContextLayer } from '../jinja/context.ts';
import type { ConfigLayer } from '../nodes/resolve-config.ts';
import { renderYamlValue } from './render-yaml.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The settings a config tree of the project file (`models: {velo: {staging: {+materialized: view}}}`)
 * has for a node, weakest first: one layer for each folder on its way.
 * A key counts as a setting with a '+', or when it is not a folder: its value is no mapping.
 */
export function projectConfig(
  section: string,
  tree: unknown,
  fqn: readonly string[],
  yaml: YamlFile,
  names: ContextLayer,
): readonly ConfigLayer[] {
  const layers: ConfigLayer[] = [];
  let place: unknown = tree;
  const at: (string | number)[] = [section];
  for (const part of [undefined, ...fqn]) {
    if (part !== undefined) {
      place = isTree(place) ? place[part] : undefined;
      at.push(part);
    }
    if (!isTree(place)) break;
    const layer = layerOf(place, at, yaml, names);
    if (Object.keys(layer.values).length > 0) layers.push(layer);
  }
  return layers;
}

/** Layers by what templates see and the mapping they are written in: one for all nodes of a folder. */
const layersByNames = new WeakMap<ContextLayer, WeakMap<Tree, ConfigLayer>>();

function layerOf(place: Tree, at: YamlPath, yaml: YamlFile, names: ContextLayer): ConfigLayer {
  const known = layersByNames.get(names) ?? new WeakMap<Tree, ConfigLayer>();
  layersByNames.set(names, known);
  const layer = known.get(place) ?? layerAt(place, [...at], yaml, names);
  known.set(place, layer);
  return layer;
}

const HOOK = /^\+?(pre|post)[-_]hook$/;

function layerAt(place: Tree, at: YamlPath, yaml: YamlFile, names: ContextLayer): ConfigLayer {
  const settings = Object.entries(place).filter(
    ([key, value]) => key.startsWith('+') || !isTree(value),
  );
  const written = new Map(settings.map(([key]) => [key.replace(/^\+/, ''), key]));
  const values = settings.map(([key, value]) => [
    key.replace(/^\+/, ''),
    // Hooks are rendered when they run.
    HOOK.test(key) ? value : renderYamlValue(value, yaml, [...at, key], names),
  ]);
  return {
    values: Object.fromEntries(values) as Record<string, unknown>,
    unrendered: Object.fromEntries(settings.map(([key, value]) => [key.replace(/^\+/, ''), value])),
    isShared: true,
    spanOf: (key) => yaml.spanOf(at, written.get(key) ?? key),
  };
}
