import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { addEntries } from '../python/collection-methods.ts';
import { setKey } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import type { Value } from '../python/types.ts';
import { spend } from '../python/work.ts';
import { scalarValue } from './yaml-scalar.ts';

// Required when a template reads YAML, which few do.
const loadYaml = (): typeof Yaml => createRequire(import.meta.url)('yaml');

/** Aliases may make a small text stand for a large value. */
const MAX_NODES = 1_000_000;

/** Reading YAML takes much longer than other work with a text. */
const WORK_PER_CHARACTER = 50;

/** PyYAML's `safe_load`: YAML 1.1 as a Python value. Raises ValueError for what is not YAML. */
export function parseYaml(text: string): Value {
  spend(text.length * WORK_PER_CHARACTER);
  const yaml = loadYaml();
  const document = yaml.parseDocument(text, { version: '1.1', schema: 'failsafe', merge: false });
  const [error] = document.errors;
  if (error) return raise('ValueError', error.message);
  let nodes = 0;
  const anchors = anchorsOf(document.contents, yaml);
  // By name, of the last one before it: the library would search the whole text for each.
  const targetOf = (alias: Yaml.Alias): unknown =>
    anchors.get(alias.source)?.findLast((node) => startOf(node) < startOf(alias));
  const loaded = (node: unknown): Value => {
    nodes += 1;
    if (nodes > MAX_NODES) raise('Limit', `the YAML holds more than ${MAX_NODES} values`);
    if (yaml.isAlias(node)) return loaded(targetOf(node));
    if (yaml.isSeq(node)) return node.items.map(loaded);
    if (yaml.isMap(node)) return dictOf(node);
    return yaml.isScalar(node) ? scalarOf(node) : null;
  };
  const dictOf = (map: Yaml.YAMLMap): Map<Value, Value> => {
    const dict = new Map<Value, Value>();
    for (const { key, value } of map.items) {
      const isMerge = yaml.isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
      if (isMerge) mergeInto(dict, loaded(value));
      else setKey(dict, loaded(key), loaded(value));
    }
    return dict;
  };
  return loaded(document.contents);
}

function scalarOf(node: Yaml.Scalar): Value {
  const text = String(node.value ?? '');
  return node.type === 'PLAIN' && node.tag === undefined ? scalarValue(text) : text;
}

/** `<<: *other` gives the keys that are not written. */
function mergeInto(dict: Map<Value, Value>, merged: Value): void {
  for (const one of Array.isArray(merged) ? merged : [merged]) {
    const written = [...dict];
    if (one instanceof Map) addEntries(dict, one);
    for (const [key, value] of written) setKey(dict, key, value);
  }
}

type Anchored = Yaml.Scalar | Yaml.YAMLMap | Yaml.YAMLSeq;

const startOf = (node: Yaml.Node): number => node.range?.[0] ?? 0;

/** Nodes by the anchors they have, in the order of the text. */
function anchorsOf(contents: unknown, yaml: typeof Yaml): ReadonlyMap<string, Anchored[]> {
  const anchors = new Map<string, Anchored[]>();
  const note = (_key: unknown, node: Anchored): void => {
    if (node.anchor === undefined) return;
    const known = anchors.get(node.anchor);
    if (known) known.push(node);
    else anchors.set(node.anchor, [node]);
  };
  if (yaml.isNode(contents)) yaml.visit(contents, { Scalar: note, Map: note, Seq: note });
  return anchors;
}
