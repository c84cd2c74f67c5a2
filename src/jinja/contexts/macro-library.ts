import { type Context, type ContextLayer, layeredContext } from '../context.ts';
import type { MacroDefinition } from '../template.ts';
import type { Value } from '../value.ts';
import { recordValue } from './relation-value.ts';

/** All macros, by package and name. */
export interface MacroLibrary {
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, MacroDefinition>>;
}

/** A macro by the name a template of `packageName` would use: `name` or `package.name`. */
export function findMacro(
  library: MacroLibrary,
  packageName: string,
  name: string,
): MacroDefinition | undefined {
  const [first = '', second] = name.split('.');
  const qualified = second === undefined ? undefined : library.packages.get(first)?.get(second);
  return qualified ?? library.packages.get(packageName)?.get(first);
}

/** What a node's template sees: its names, the first layer first, then macros, each bound to this context when first used. */
export function nodeContext(
  layers: readonly ContextLayer[],
  library: MacroLibrary,
  packageName: string,
): Context {
  const own = library.packages.get(packageName) ?? new Map<string, MacroDefinition>();
  const bound = new Map<string, Value>();
  const bind = (key: string, macro: MacroDefinition | undefined): Value => {
    if (!macro) return undefined;
    if (!bound.has(key)) bound.set(key, macro.bind(context));
    return bound.get(key);
  };
  const namespaces = [...library.packages].map(([name, macros]) => [
    name,
    {
      ...recordValue('namespace', {}),
      getAttribute: (macro: string) => bind(`${name}.${macro}`, macros.get(macro)),
    },
  ]);
  const base = layeredContext([...layers, Object.fromEntries(namespaces)]);
  const context: Context = {
    lookup: (name) => base.lookup(name) ?? bind(name, own.get(name)),
    *names() {
      yield* base.names?.() ?? [];
      yield* own.keys();
    },
  };
  return context;
}
