import { collect, ProjectError, type VeloError } from '../core/errors.ts';
import type { MacroInfo } from '../core/node.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { type MacroDefinition, parseTemplate } from '../jinja/template.ts';
import type { FoundFile } from './discover-files.ts';
import { readProjectText } from './read-file.ts';

export interface ReadMacros {
  readonly library: MacroLibrary;
  readonly infos: readonly MacroInfo[];
}

/** Reads the macros, tests and materializations of all macro files; faults go to `errors`. */
export function readMacros(
  packageName: string,
  files: readonly FoundFile[],
  errors: VeloError[],
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
  return { library: { packages: new Map([[packageName, macros]]) }, infos };
}

function duplicateMacro(macro: MacroDefinition, first: MacroDefinition): ProjectError {
  return new ProjectError('duplicate-name', `macro '${macro.name}' exists already`, {
    span: macro.span,
    hint: `the other one stands in ${first.span.file}:${first.span.line}`,
  });
}
