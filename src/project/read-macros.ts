import { collect, ProjectError, type VeloError } from '../core/errors.ts';
import type { MacroInfo } from '../core/node.ts';
import type { MacroLibrary, MacroTable } from '../jinja/contexts/macro-library.ts';
import { type MacroDefinition, parseTemplate } from '../jinja/template.ts';
import type { FoundFile } from './discover-files.ts';
import { globalMacros } from './global-macros.ts';
import { readProjectText } from './read-file.ts';

export interface ReadMacros {
  readonly library: MacroLibrary;
  readonly infos: readonly MacroInfo[];
}

export interface LibraryRules {
  /** The target's adapter: its variants of macros are found. */
  readonly adapter?: string | undefined;
  /** `dispatch:` of the project file. */
  readonly dispatch?: readonly DispatchRule[] | undefined;
}

export interface DispatchRule {
  readonly macro_namespace: string;
  readonly search_order: readonly string[];
}

/** Macros by package, and how names find them: with those that velo ships for the adapter. */
export function macroLibrary(
  packages: ReadonlyMap<string, MacroTable>,
  rootPackage: string,
  { adapter, dispatch = [] }: LibraryRules,
): MacroLibrary {
  return {
    packages,
    rootPackage,
    internal: adapter === undefined ? [] : globalMacros(adapter),
    adapterTypes: adapter === undefined ? [] : [adapter],
    dispatch: new Map(
      dispatch.map(({ macro_namespace, search_order }) => [macro_namespace, search_order]),
    ),
  };
}

/** Reads the macros, tests and materializations of all macro files; faults go to `errors`. */
export function readMacros(
  packageName: string,
  files: readonly FoundFile[],
  errors: VeloError[],
  rules: LibraryRules = {},
): ReadMacros {
  const macros = new Map<string, MacroDefinition>();
  for (const file of files.filter(({ path }) => path.endsWith('.sql'))) {
    const template = collect(errors, () =>
      parseTemplate({ file: file.path, text: readProjectText(file) }),
    );
    for (const macro of template?.macros ?? []) {
      const first = macros.get(macro.name);
      if (first) errors.push(duplicateMacro(macro, first));
      else macros.set(macro.name, macro);
    }
  }
  const infos = [...macros.values()].map(({ name, text, span }) => ({
    name,
    packageName,
    path: span.file,
    text,
    description: '',
  }));
  const library = macroLibrary(new Map([[packageName, macros]]), packageName, rules);
  return { library, infos };
}

function duplicateMacro(macro: MacroDefinition, first: MacroDefinition): ProjectError {
  return new ProjectError('duplicate-name', `macro '${macro.name}' exists already`, {
    span: macro.span,
    hint: `the other one stands in ${first.span.file}:${first.span.line}`,
  });
}
