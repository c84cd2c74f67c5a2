import type { MacroDefinition } from '../template.ts';

/** Macros of one package by name; they may be parsed when they are asked for. */
export interface MacroTable {
  get(name: string): MacroDefinition | undefined;
  keys(): Iterable<string>;
}

/** All macros, and the rules by which names find them. */
export interface MacroLibrary {
  /** The project's own and those of installed packages, by package. */
  readonly packages: ReadonlyMap<string, MacroTable>;
  readonly rootPackage: string;
  /** dbt's own macros, those of the adapter before the general ones. All of them answer to `dbt.name`. */
  readonly internal: ReadonlyMap<string, MacroTable>;
  /** Prefixes of the adapter's variants, the nearest first, without `default`. */
  readonly adapterTypes: readonly string[];
  /** `dispatch:` of the project file: which packages are searched for a namespace. */
  readonly dispatch: ReadonlyMap<string, readonly string[]>;
}

/** Name under which templates reach the internal macros. */
export const INTERNAL = 'dbt';

/** A macro and the package whose names its body sees. */
export interface FoundMacro {
  readonly macro: MacroDefinition;
  readonly packageName: string;
}

/** A macro by the name a template of `packageName` would use: `name` or `package.name`. */
export function findMacro(
  library: MacroLibrary,
  packageName: string,
  name: string,
): FoundMacro | undefined {
  const [first = '', second] = name.split('.');
  const qualified = second === undefined ? undefined : findIn(library, first, second);
  return qualified ?? findBare(library, packageName, first);
}

/** Its own package's macro, else the root project's. */
export function findOwn(
  library: MacroLibrary,
  packageName: string,
  name: string,
): FoundMacro | undefined {
  const own = library.packages.get(packageName)?.get(name);
  if (own) return { macro: own, packageName };
  const { rootPackage } = library;
  const root = library.packages.get(rootPackage)?.get(name);
  return root && { macro: root, packageName: rootPackage };
}

/** A macro by its bare name: of the own package, of the root project, internal. */
export function findBare(
  library: MacroLibrary,
  packageName: string,
  name: string,
): FoundMacro | undefined {
  return findOwn(library, packageName, name) ?? findInternal(library, name);
}

export function findInternal(library: MacroLibrary, name: string): FoundMacro | undefined {
  for (const table of library.internal.values()) {
    const macro = table.get(name);
    if (macro) return { macro, packageName: INTERNAL };
  }
  return undefined;
}

/** A macro of one package; `dbt` is all internal ones. */
export function findIn(
  library: MacroLibrary,
  packageName: string,
  name: string,
): FoundMacro | undefined {
  const macro = library.packages.get(packageName)?.get(name);
  if (macro) return { macro, packageName };
  return packageName === INTERNAL ? findInternal(library, name) : undefined;
}

/** Every name a template of `packageName` can call bare, for hints. */
export function* macroNames(library: MacroLibrary, packageName: string): Generator<string> {
  for (const name of new Set([packageName, library.rootPackage])) {
    yield* library.packages.get(name)?.keys() ?? [];
  }
  for (const table of library.internal.values()) yield* table.keys();
}
