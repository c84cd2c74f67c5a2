import { type Context, type ContextLayer, layeredContext } from '../context.ts';
import { type JinjaObject, jinjaFunction, type Value } from '../value.ts';
import { dispatchMacro, dispatchRequest } from './dispatch.ts';
import {
  type FoundMacro,
  findBare,
  findIn,
  findInternal,
  findOwn,
  INTERNAL,
  type MacroLibrary,
  macroNames,
} from './macro-library.ts';
import { signedFunctions } from './record-value.ts';

/** Macros as the templates of one render see them: each bound once, to the names of its own package. */
export interface BoundMacros {
  /** By the name a template of `packageName` would use. */
  find(name: string, packageName: string): Value;
  dispatch(name: string, namespace: string | undefined, packageName: string): Value;
  /** Whether the project or a package has its own say in what an internal macro does. */
  override(name: string): Value;
}

/** Contexts that know how to dispatch, for functions that are called from a template. */
const boundMacros = new WeakMap<Context, { macros: BoundMacros; packageName: string }>();

/** The macros a calling template sees; undefined outside of a node's context. */
export const macrosOf = (context: Context) => boundMacros.get(context);

/**
 * What a node's template sees: macros of its package and of the root project, then its names, the first layer first,
 * then the internal macros. A macro sees the same names, and the macros of its own package.
 * @param overrides what comes before all of these, by `name` or `package.name`
 */
export function nodeContext(
  layers: readonly ContextLayer[],
  library: MacroLibrary,
  packageName: string,
  overrides: ReadonlyMap<string, Value> = NO_OVERRIDES,
): Context {
  const names = layeredContext(layers);
  const contexts = new Map<string, Context>();
  const bound = new Map<FoundMacro['macro'], Value>();
  const bind = (found: FoundMacro | undefined): Value => {
    if (!found) return undefined;
    const known = bound.get(found.macro);
    if (known !== undefined) return known;
    const made = found.macro.bind(contextOf(found.packageName));
    bound.set(found.macro, made);
    return made;
  };
  const macros: BoundMacros = {
    find: (name, from) => bind(findBare(library, from, name)),
    dispatch: (name, namespace, from) => bind(dispatchMacro(library, name, namespace, from)),
    override: (name) => bind(overrideOf(library, name)),
  };
  const namespaces = new Map<string, Value>();
  const namespaceOf = (name: string): Value => {
    if (name !== INTERNAL && !library.packages.has(name)) return undefined;
    if (!namespaces.has(name)) {
      namespaces.set(
        name,
        macroNamespace(
          (macro) => overrides.get(`${name}.${macro}`) ?? bind(findIn(library, name, macro)),
        ),
      );
    }
    return namespaces.get(name);
  };
  const contextOf = (owner: string): Context => {
    const known = contexts.get(owner);
    if (known) return known;
    const context: Context = {
      // A project may put its own `ref` in the place of dbt's: its macros come first.
      lookup(name) {
        const given =
          overrides.get(name) ?? bind(findOwn(library, owner, name)) ?? names.lookup(name);
        // None is a value.
        if (given !== undefined) return given;
        if (name === 'context') return contextValue(context);
        return namespaceOf(name) ?? bind(findInternal(library, name));
      },
      *names() {
        yield* names.names?.() ?? [];
        yield* macroNames(library, owner);
      },
    };
    contexts.set(owner, context);
    boundMacros.set(context, { macros, packageName: owner });
    return context;
  };
  return contextOf(packageName);
}

const NO_OVERRIDES: ReadonlyMap<string, Value> = new Map();

/** A macro of the project, or its variant for the adapter, in the place of an internal one. */
export function overrideOf(library: MacroLibrary, name: string): FoundMacro | undefined {
  const own = findOwn(library, library.rootPackage, name);
  if (own) return own;
  for (const prefix of [...library.adapterTypes, 'default']) {
    const variant = findOwn(library, library.rootPackage, `${prefix}__${name}`);
    if (variant) return variant;
  }
  return undefined;
}

/** `context`: all names as a dict, for macros whose name is put together. */
function contextValue(context: Context): JinjaObject {
  const get = (name: Value): Value => (typeof name === 'string' ? context.lookup(name) : undefined);
  const methods = signedFunctions({
    get: ['key default?', (given) => get(given['key']) ?? given['default'] ?? null],
    keys: ['', () => [...(context.names?.() ?? [])]],
  });
  return {
    jinjaType: 'dict',
    getAttribute: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined),
    getItem: get,
    iterate: () => context.names?.() ?? [],
    toString: () => '<context>',
  };
}

function macroNamespace(get: (name: string) => Value): JinjaObject {
  return { jinjaType: 'namespace', getAttribute: get, toString: () => '<namespace>' };
}

/** `adapter.dispatch`: the same in every phase. */
export const dispatchFunction = jinjaFunction('dispatch', (call) => {
  const { name, namespace } = dispatchRequest(call);
  const caller = macrosOf(call.context);
  if (!caller) return undefined;
  return caller.macros.dispatch(name, namespace, caller.packageName);
});
