import type { Value } from './python/types.ts';

/** What a template sees besides its own variables. */
export interface Context {
  /** Undefined when there is no such name. */
  lookup(name: string): Value;
  /** Every name, for hints. */
  names?(): Iterable<string>;
}

export type ContextLayer = ReadonlyMap<string, Value> | Readonly<Record<string, Value>>;

/** A context of layers, the first that has a name wins; only own properties count. */
export function layeredContext(layers: readonly ContextLayer[]): Context {
  return {
    lookup(name) {
      for (const layer of layers) {
        const value = lookupIn(layer, name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    *names() {
      for (const layer of layers) yield* layer instanceof Map ? layer.keys() : Object.keys(layer);
    },
  };
}

function lookupIn(layer: ContextLayer, name: string): Value {
  if (layer instanceof Map) return layer.get(name);
  return Object.hasOwn(layer, name) ? (layer as Readonly<Record<string, Value>>)[name] : undefined;
}
